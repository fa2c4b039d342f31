"""Which addresses may be asked."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.targets import (
    UnsafeAddressError,
    is_outside,
    next_target,
    number_of,
    permitted,
    target_of,
)

INSIDE = """0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1
203.0.113.5 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.3 ::ffff:127.0.0.3 ::ffff:10.0.0.1 64:ff9b::7f00:3
64:ff9b:1::808:808 2002:7f00:3::1 2002:a00:1::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 fc00::1 fd00:ec2::254 fe80::1
fec0::1 ff02::1 ff0e::1 100::1 5f00::1"""  # fmt: skip
OUTSIDE = [
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::5",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("number", INSIDE.split())
def test_a_number_of_the_inside_is_refused(number: str) -> None:
    assert not is_outside(ip_address(number))


@pytest.mark.parametrize("number", OUTSIDE)
def test_a_number_of_the_public_network_is_not(number: str) -> None:
    assert is_outside(ip_address(number))


@given(st.integers(0, 2**32 - 1))
def test_a_number_of_ipv4_is_judged_alike_in_each_form_in_which_ipv6_holds_it(value: int) -> None:
    plain = is_outside(IPv4Address(value))
    forms = ((0xFFFF << 32) + value, (0x64FF9B << 96) + value, (0x2002 << 112) + (value << 80) + 1)
    assert [plain] * 3 == [is_outside(IPv6Address(form)) for form in forms]


ODD = (
    "http://2130706435/d http://0x7f000003/x http://0177.0.0.3/o http://127.3/s http://127.0.0.0x3/ http://0/ http://1.2.3.4.5/ http://127.0.0.03/"
    " http://user@127.0.0.3/ http://127.0.0.1@127.0.0.3/ http://:@a.example/ http://a.example\\@127.0.0.1/ ftp://a.example/ file:///etc/passwd"
    " gopher://a.example/ javascript:alert(1) data:text/html,x //a.example/ http:///x http://a.example:99999/ http://[::1%25lo]/ http://[::1/"
    " http://a$b/ http://-a.example/ http://a.example%00.b/ https://"
)


@pytest.mark.parametrize("address", ODD.split())
def test_an_address_that_means_to_deceive_is_refused(address: str) -> None:
    with pytest.raises(UnsafeAddressError):
        target_of(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTP://A.Example", "http://a.example/"),
        ("https://a.example:443/x?y=%2f&z=a b#top", "https://a.example/x?y=%2f&z=a%20b"),
        ("http://a.example:8080/y%2Fz//é", "http://a.example:8080/y%2Fz//%C3%A9"),
        ("http://bücher.example./", "http://xn--bcher-kva.example/"),
        ("http://[::FFFF:7f00:3]:80/", "http://[::ffff:7f00:3]/"),
        ("http://a.example/x?", "http://a.example/x?"),
        ("  http://a.example/x\n", "http://a.example/x"),
    ],
)
def test_an_address_is_sent_as_it_is_spelt(address: str, expected: str) -> None:
    assert expected == target_of(address).address


def test_a_redirect_is_judged_like_any_address() -> None:
    target = target_of("http://a.example/x/y?z")
    assert "http://a.example/x/w" == next_target(target, "w").address
    assert "https://b.example/" == next_target(target, "https://b.example").address
    for location in ("file:///etc/passwd", "http://u:p@a.example/", "http://[", "//0x7f000001/"):
        with pytest.raises(UnsafeAddressError):
            next_target(target, location)


def test_a_host_is_allowed_by_its_name_and_no_other_name_of_its_number() -> None:
    number = number_of("127.0.0.1")
    assert number is not None
    assert [number] == permitted(target_of("http://127.0.0.1/"), [number], ["127.0.0.1"])
    assert [number] == permitted(target_of("http://Test.example/"), [number], ["test.EXAMPLE."])
    for other in ("http://test.example/", "http://localhost/"):
        with pytest.raises(UnsafeAddressError):
            permitted(target_of(other), [number], ["127.0.0.1"])


def test_of_a_name_with_several_numbers_only_those_outside_are_asked() -> None:
    numbers = [ip_address("10.0.0.1"), ip_address("8.8.8.8")]
    assert numbers[1:] == permitted(target_of("http://a.example/"), numbers, [])


def test_a_redirect_in_bare_utf_8_leads_to_the_letters_that_it_means() -> None:
    sent = "/café".encode().decode("latin-1")  # as a field of HTTP is read

    assert "https://a.example/caf%C3%A9" == next_target(target_of("https://a.example/x"), sent).address


@pytest.mark.parametrize(
    "address",
    [
        f"http://{'a' * 64}.example/",
        f"http://{'ü' * 64}.example/",
        f"http://{'a.' * 127}example/",
        "http://a..example/",
        "http://ü..example/",
        "http://a.example:0/",
        "http://a.example:٣/",
        "http://a.example:-1/",
        "http://a.example/\ud800",
        "http://a.example/?\ud800",
        "http://\ud800.example/",
    ],
)
def test_an_address_that_no_resolver_or_socket_takes_is_refused(address: str) -> None:
    with pytest.raises(UnsafeAddressError):
        target_of(address)


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_an_address_or_refused(host: str, port: str, path: str) -> None:
    try:
        target = target_of(f"http://{host}:{port}/{path}")
    except UnsafeAddressError:
        return
    target.host.encode("idna")
    target.path.encode("ascii")
    assert 0 < target.port < 65536
