"""What a reader sees of a parsed page, where that is not what its elements say.

Shadow roots that are declared in `template` are shown, and then what no slot takes is not; a `noscript` may be the text;
readings over words (ruby) are no words. Extractors go by the names of elements, so the tree is changed to say what is shown.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.extract import hidden, initials, linked, paragraphs, sections
from pipeline.extract.paragraphs import is_long
from pipeline.extract.tree import RefusedError, line_of, parse
from pipeline.text import scripts

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# What may hold the text although nothing in it is shown where the element does what it is for; drawings show what is foreign.
_INSTEAD = ("noscript", "object", "foreignobject", "video", "audio", "canvas")
_DRAWINGS = frozenset({"svg", "g", "switch"})
_NO_TEXT = frozenset({"script", "style", "template", "svg", *_INSTEAD, *hidden.SIDES})
# Have no content (HTML, 13.1.2), which the parser does not know: it takes for it what follows them.
_VOID = ("embed", "source", "track", "wbr", "keygen", "bgsound")
_PARAGRAPHS = re.compile(r"<p[\s>]|<br", re.IGNORECASE)
_OF_FRAME, _FRAME_SHARE = (
    "data-frame",
    4,
)  # a page within a page is the text where the page around it has hardly any
_FRAME_NODES, _FRAME_DEPTH = 20_000, 100  # of a page within a page
_PARTS = ("p", "li", "blockquote", "div", "h2", "h3", "td", "dd", "pre")


def show(tree: "HtmlElement") -> bool:
    """Change the tree to what is shown, in paragraphs; whether it shows other text than its source. In time linear in its size."""
    etree.strip_tags(tree, *_VOID)
    is_changed = _show_shadow_roots(tree)
    is_changed |= _drop_readings(tree)
    _open_frames(tree)
    paragraphs.part(tree)
    is_changed |= initials.join(tree)
    linked.unlink(tree)
    sections.join(tree)
    is_changed |= _show_without_scripts(tree)
    return hidden.reveal(tree) or is_changed


# --- shadow roots ----------------------------------------------------------------------------------------------


def _show_shadow_roots(tree: "HtmlElement") -> bool:
    """Put what declarative shadow roots hold in their places: of each host the first, as browsers do; the inner come first."""
    roots = [t for t in tree.iter("template") if t.get("shadowrootmode") or t.get("shadowroot")]
    firsts: dict[HtmlElement, HtmlElement] = {}
    for root in roots:
        if (host := root.getparent()) is not None:
            firsts.setdefault(host, root)
    for host, root in reversed(firsts.items()):
        _attach(root, host)
    return bool(roots)


def _attach(root: "HtmlElement", host: "HtmlElement") -> None:
    """The root in place of what its host holds, which goes into the slots of its name, or nowhere."""
    root.tag = "div"
    light: dict[str, list[HtmlElement]] = {}
    for child in [c for c in host if c is not root]:
        light.setdefault(child.get("slot") or "", []).append(child)
        host.remove(child)
    text = host.text if host.text and host.text.strip() else None
    host.text = root.tail = None
    for slot in list(root.iter("slot")):
        given = light.pop(slot.get("name") or "", [])
        if given or (text and not slot.get("name")):
            for child in list(slot):
                slot.remove(child)
            slot.text = text if not slot.get("name") else None
            slot.extend(given)
        slot.tag = "div" if any(c.tag in _PARTS for c in slot) else "span"


# --- readings over words ---------------------------------------------------------------------------------------


def _drop_readings(tree: "HtmlElement") -> bool:
    if next(tree.iter("ruby", "rt"), None) is None:
        return False
    etree.strip_elements(tree, "rt", "rp", "rtc", with_tail=False)
    etree.strip_tags(tree, "ruby", "rb")
    return True


# --- pages within the page -----------------------------------------------------------------------------------


def _open_frames(tree: "HtmlElement") -> None:
    """The pages that frames have in an attribute, as something that may be the text."""
    for frame in list(tree.iter("iframe")):
        held, above = frame.get("srcdoc") or "", frame.getparent()
        if above is None or not _PARAGRAPHS.search(held):
            continue
        with suppress(RefusedError):
            body = parse(held, _FRAME_NODES, _FRAME_DEPTH)[0].find("body")
            if body is not None:
                body.tag, body.tail = "noscript", frame.tail
                body.set(_OF_FRAME, "")
                above.replace(frame, body)


# --- without scripts and players -------------------------------------------------------------------------------------------


def _show_without_scripts(tree: "HtmlElement") -> bool:
    """Show what stands for readers without scripts or players, if it is running text which the page does not have otherwise, and
    about as much as there is.
    """
    spare = [n for n in tree.iter(*_INSTEAD) if _n_running(n) >= hidden.MANY_CHARS]
    if not spare:
        return False
    shown = "".join(_texts(tree, _NO_TEXT))
    n_shown = sum(map(len, _running(tree)))
    known = scripts.letters(shown)
    is_changed = False
    for element in spare:
        own = [scripts.letters(passage) for passage in _running_parts(element)]
        least = _FRAME_SHARE * n_shown if element.get(_OF_FRAME) is not None else n_shown / 2
        if own and own[0] not in known and _n_running(element) >= least:
            for drawing in (d for d in element.iterancestors() if d.tag in _DRAWINGS):
                drawing.tag = "div"
            element.tag = "div"
            is_changed = True
    return is_changed


def _texts(tree: "HtmlElement", without: frozenset[str]) -> Iterator[str]:
    """The texts of a tree, but those in elements of some names."""
    walk = etree.iterwalk(tree, ("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in without:
            walk.skip_subtree()
        elif event == "start":
            yield element.text or ""
        if event == "end":
            yield element.tail or ""


def _running(tree: "HtmlElement") -> Iterator[str]:
    """Paragraphs of running text that are shown."""
    walk = etree.iterwalk(tree, ("start",))
    for _, element in walk:
        if element.tag in _NO_TEXT:
            walk.skip_subtree()
        elif element.tag == "p" and is_long(text := line_of(element)):
            yield text


def _running_parts(element: "HtmlElement") -> list[str]:
    return [text for p in element.iter("p") if is_long(text := line_of(p))]


def _n_running(element: "HtmlElement") -> int:
    return sum(map(len, _running_parts(element)))
