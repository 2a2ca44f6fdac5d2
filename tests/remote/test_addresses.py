"""Where a key may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError, RemoteMisanswered
from declaim.remote.addresses import check_base_url, check_fetched_url, origin_of, path_part


@pytest.mark.parametrize(
    "address",
    [
        "https://logtalk.io/api/v1",
        "https://logtalk.io/api/v1/",
        " https://logtalk.io ",
        "http://127.0.0.1:8000/api",
        "http://[::1]:9",
        "http://localhost:1",
    ],
)
def test_an_address_over_https_or_on_this_computer_is_taken(address):
    assert check_base_url(address) == address.strip().rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://logtalk.io/api/v1",
        "http://127.0.0.1@elsewhere/",
        "http://127.0.0.1:80@elsewhere/",
        "http://127.0.0.1\\@elsewhere/",
        "http://127.0.0.1.elsewhere.example/",
        "http://localhost.example/",
        "http://2130706433/",
        "http://127.1/",
        "http://0.0.0.0/",
        "http://[::ffff:8.8.8.8]/",
        "https://user:secret@logtalk.io/",
        "https://user@logtalk.io/",
        "ftp://logtalk.io/",
        "file:///etc/passwd",
        "logtalk.io",
        "",
        "https://",
        "https:///path",
        "https://host:99999/",
        "https://host:0/",
        "https://ho st/",
        "https://host/\nHost: other",
        "https://host/?key=1",
        "https://host/#x",
    ],
)
def test_an_address_where_a_key_must_not_go_is_refused_before_any_call(address):
    with pytest.raises(InputError) as refused:
        check_base_url(address)
    assert refused.value.cure


def test_what_stands_before_an_at_sign_is_not_the_host():
    with pytest.raises(InputError, match="elsewhere"):
        check_base_url("http://127.0.0.1@elsewhere/")


def test_plain_http_is_for_those_who_allowed_it():
    assert check_base_url("http://studio.local/api", allow_insecure=True) == "http://studio.local/api"
    with pytest.raises(InputError):
        check_base_url("http://127.0.0.1@elsewhere/", allow_insecure=True)


def test_an_origin_has_its_port():
    assert origin_of("https://Logtalk.io/x") == origin_of("https://logtalk.io:443/y")
    assert origin_of("https://logtalk.io") != origin_of("https://logtalk.io:444")
    assert origin_of("https://logtalk.io") != origin_of("http://logtalk.io")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x",
        "http://169.254.169.254/latest",
        "https://10.0.0.1/x",
        "https://localhost/x",
        "http://r2.logtalk.io/x",
        "javascript:1",
        "/x",
    ],
)
def test_a_service_outside_cannot_point_inside_this_network(address):
    with pytest.raises(RemoteMisanswered):
        check_fetched_url(address, "https://logtalk.io/api/v1")


def test_a_signed_address_on_another_host_is_taken():
    address = "https://r2.logtalk.io/audio/1?X-Amz-Expires=3000"
    assert check_fetched_url(address, "https://logtalk.io/api/v1") == address


@pytest.mark.parametrize("text", ["", ".", "..", "a\nb", "x" * 2001])
def test_what_cannot_be_an_id_is_refused(text):
    with pytest.raises(InputError):
        path_part(text, "id")


def test_an_id_cannot_leave_its_place_in_the_path():
    assert path_part("../../admin?x=1#y", "id") == "..%2F..%2Fadmin%3Fx%3D1%23y"
    assert path_part("https://blog.example/a b", "address") == "https%3A%2F%2Fblog.example%2Fa%20b"


@given(st.text(max_size=60))
def test_no_text_makes_the_check_fall_over(text):
    for address in (text, f"http://{text}", f"https://{text}/"):
        try:
            check_base_url(address)
        except InputError:
            continue
        assert origin_of(address.strip()).scheme == "https" or origin_of(address.strip()).is_loopback
