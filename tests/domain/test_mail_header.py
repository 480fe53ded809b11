"""What may stand in a mail's header, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from urgent_appeals.domain.mail_header import unsafe


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("=?utf-8?q?Appeal=0D=0ABcc=3A_spy=40evil=2Eexample?=", "encoded word", id="encoded word"),
        pytest.param("Appeal\r\nBcc: spy@evil.example", "U+000D", id="line break"),
        pytest.param("Appeal\u2028Bcc: spy@evil.example", "U+2028", id="line separator"),
        pytest.param("Appeal\u2029x", "U+2029", id="paragraph separator"),
        pytest.param("Appeal\x85x", "U+0085", id="next line"),
        pytest.param("Appeal\x0bx", "U+000B", id="vertical tab"),
        pytest.param("Appeal\x00x", "U+0000", id="null"),
        pytest.param("Appeal\tx", "U+0009", id="tab"),
        pytest.param("Appeal\x7fx", "U+007F", id="delete"),
        pytest.param("Appeal\udcffx", "surrogate", id="half a surrogate pair"),
        pytest.param("x \u202efdp.exe", "direction", id="right-to-left override"),
        pytest.param("x \u2066y", "direction", id="isolate"),
    ],
)
def test_what_could_end_a_header_or_deceive_its_reader_is_refused(text: str, named: str) -> None:
    reason = unsafe(text)
    assert reason is not None
    assert named in reason


@pytest.mark.parametrize(
    "text", ["KAZ 001/0802/OBS 053.02 – Сергей Дуванов", "وزير العدل", 'Minister, Dr. "X" = ?', ""]
)
def test_ordinary_words_of_any_script_are_fine(text: str) -> None:
    assert unsafe(text) is None


@given(st.text())
def test_what_is_accepted_stays_one_line_however_lines_are_counted(text: str) -> None:
    if unsafe(text) is None:
        assert text.splitlines() in ([text], [])
        assert text.encode().decode() == text
