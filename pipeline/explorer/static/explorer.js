// Times in the reader's zone beside UTC, and lists that go on where they end. Every page works without this.
"use strict";

const inZone = new Intl.DateTimeFormat(undefined, {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

function addLocalTimes(root) {
  if (new Date().getTimezoneOffset() === 0) return;
  for (const time of root.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const local = document.createElement("span");
    local.className = "local";
    local.textContent = ` (${inZone.format(moment)})`;
    time.removeAttribute("data-local");
    time.append(local);
  }
}

function nameZone() {
  const place = document.getElementById("zone");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (place && zone && zone !== "UTC") place.textContent = `, with yours (${zone}) beside`;
}

// The next page is fetched when its link comes near, and its rows are appended: what is read does not move.
async function showMore(link) {
  if (link.dataset.busy) return;
  link.dataset.busy = "yes";
  link.textContent = "Loading …";
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = next.querySelector("[data-list]");
    const list = document.querySelector("[data-list]");
    addLocalTimes(rows);
    list.append(...Array.from(rows.children, (row) => document.adoptNode(row)));
    const following = next.querySelector("a[data-more]");
    if (following) {
      link.href = following.getAttribute("href");
      link.textContent = "Show more";
      delete link.dataset.busy;
      watch(link);
    } else {
      link.parentElement.remove();
    }
  } catch {
    delete link.dataset.busy;
    link.textContent = "Could not load more: try again";
  }
}

function watch(link) {
  const observer = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) {
      observer.disconnect();
      showMore(link);
    }
  }, { rootMargin: "400px" });
  observer.observe(link);
}

// In a frame, as in Airflow, a link out may open no tab, and most sites refuse to be shown in it: the page around opens the tab.
function openOutside(event) {
  const link = event.target.closest("a.out");
  if (!link) return;
  const outer = window.parent.document.createElement("a");
  Object.assign(outer, { href: link.href, rel: link.rel, target: "_blank" });
  event.preventDefault();
  outer.click();
}

if (window.parent !== window) document.addEventListener("click", openOutside);
addLocalTimes(document);
nameZone();
for (const link of document.querySelectorAll("a[data-more]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showMore(link);
  });
  watch(link);
}
