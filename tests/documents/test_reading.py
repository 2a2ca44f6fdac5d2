from __future__ import annotations

import os

import pytest

from declaim.documents import read_source
from declaim.errors import InputError
from declaim.model.source import BlockKind, SourceType


def refused(path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_source(path)
    assert caught.value.cure
    return caught.value


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "empty.md"
    path.write_bytes(content)
    assert "empty" in refused(path).message


def test_front_matter_alone_is_nothing_to_speak(tmp_path):
    path = tmp_path / "post.md"
    path.write_text("---\ntitle: x\n---\n\n")
    assert "only front matter" in refused(path).message


def test_a_file_that_is_gone_is_named(tmp_path):
    assert "gone.md is not there" in refused(tmp_path / "gone.md").message


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in refused(tmp_path).message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_locked_file_is_refused(tmp_path):
    path = tmp_path / "locked.md"
    path.write_text("text")
    path.chmod(0)
    assert "may not be read" in refused(path).message


def test_a_name_that_leads_nowhere_is_refused(tmp_path):
    path = tmp_path / "loop.md"
    path.symlink_to(path)
    assert "loop.md" in refused(path).message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(50), "program"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"text and then\0a null", "null bytes"),
        (b"PK\x03\x04" + bytes(50), "zip archive"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "Word"),
        (bytes(range(1, 9)) * 40, "binary"),
    ],
)
def test_binary_data_named_md_is_refused_with_what_it_is(tmp_path, content, word):
    path = tmp_path / "notes.md"
    path.write_bytes(content)
    assert word in refused(path).message


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("cp1252", b""),
        ("latin-1", b""),
    ],
)
def test_encodings_are_told_apart(tmp_path, encoding, mark):
    text = "# Über Größe\n\nDer Bär läuft über die Straße, ganz natürlich. Es grüßt herzlich: Jürgen.\n"
    path = tmp_path / "text.md"
    path.write_bytes(mark + text.encode(encoding))
    source = read_source(path)
    assert source.title == "Über Größe"
    assert source.blocks[1].text.endswith("herzlich: Jürgen.")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "Grüße aus Köln, naïve façade."),
        ("cp1252", "Le café est à côté de l’hôtel."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1251", "Привет, мир. Это текст."),
    ],
)
def test_even_a_short_text_is_read_in_its_encoding(tmp_path, encoding, text):
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    assert read_source(path).blocks[0].text == text


def test_mixed_line_ends_keep_the_line_numbers(tmp_path):
    path = tmp_path / "mixed.md"
    path.write_bytes(b"# One\r\n\r\nTwo\rstill two\n\nThree\r\n")
    assert [block.source_lines for block in read_source(path).blocks] == [(1, 1), (3, 4), (6, 6)]


def test_a_word_document_becomes_headings_lists_and_tables(tmp_path, make):
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(f"<w:tr>{cell.format(one)}{cell.format(two)}</w:tr>" for one, two in [("Kind", "Height"), ("Moss", "4 cm")])
    body = make.word_paragraph("On Moss", "Heading1") + make.word_paragraph("Moss is &amp; stays green.")
    path = tmp_path / "moss.docx"
    path.write_bytes(make.zipped(make.docx(f"{body}<w:tbl>{rows}</w:tbl>")))
    source = read_source(path)
    assert source.source_type is SourceType.DOCUMENT
    assert source.title == "On Moss"
    assert [block.kind for block in source.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.TABLE]
    assert source.blocks[1].text == "Moss is & stays green."
    assert source.blocks[2].rows == (("Kind", "Height"), ("Moss", "4 cm"))


def test_a_book_becomes_its_chapters_in_reading_order(tmp_path, make):
    path = tmp_path / "book.epub"
    path.write_bytes(
        make.zipped(make.epub({"two%20b.xhtml": "<p>lost</p>", "b.xhtml": "<h1>Second</h1><p>Words.</p>"}, "Of Moss"))
    )
    source = read_source(path)
    assert source.title == "Of Moss"
    assert [(block.kind, block.text) for block in source.blocks] == [
        (BlockKind.PARAGRAPH, "lost"),
        (BlockKind.HEADING, "Second"),
        (BlockKind.PARAGRAPH, "Words."),
    ]


def test_a_pdf_becomes_headings_and_paragraphs_without_page_numbers(tmp_path, make):
    first = [
        (24, 760, "On Moss"),
        (11, 700, "Moss grows on stones and on the"),
        (11, 687, "bark of old trees, and it is al-"),
        (11, 674, "ways green."),
        (9, 30, "1"),
    ]
    second = [(16, 760, "Roots"), (11, 700, "Moss has none."), (9, 30, "2")]
    path = tmp_path / "moss.pdf"
    path.write_bytes(make.pdf([make.pdf_text(first), make.pdf_text(second)]))
    source = read_source(path)
    assert [(block.kind, block.level, block.text) for block in source.blocks] == [
        (BlockKind.HEADING, 1, "On Moss"),
        (BlockKind.PARAGRAPH, 0, "Moss grows on stones and on the bark of old trees, and it is always green."),
        (BlockKind.HEADING, 2, "Roots"),
        (BlockKind.PARAGRAPH, 0, "Moss has none."),
    ]


def test_lists_and_contents_of_a_pdf_are_told_apart(tmp_path, make):
    lines = [
        (11, 760, "1 Mosses . . . . . . . . . . 2"),
        (11, 700, "Two kinds:"),
        (11, 680, r"\225"),
        (11, 660, "green"),
        (11, 640, r"\225 brown"),
        (11, 600, "And grey."),
    ]
    path = tmp_path / "list.pdf"
    path.write_bytes(make.pdf([make.pdf_text(lines)]))
    assert [(block.kind, block.text) for block in read_source(path).blocks] == [
        (BlockKind.PARAGRAPH, "Two kinds:"),
        (BlockKind.LIST_ITEM, "green"),
        (BlockKind.LIST_ITEM, "brown"),
        (BlockKind.PARAGRAPH, "And grey."),
    ]


def test_a_pdf_with_a_password_is_refused(tmp_path, make):
    path = tmp_path / "locked.pdf"
    path.write_bytes(make.pdf([make.pdf_text([(11, 700, "Secret")])], password=b"moss"))
    assert "password" in refused(path).message


def test_a_scanned_pdf_is_refused_with_the_cure(tmp_path, make):
    path = tmp_path / "scan.pdf"
    path.write_bytes(make.pdf(["q 100 0 0 100 0 0 cm Q", "q Q"]))
    error = refused(path)
    assert "pictures of pages" in error.message
    assert "text recognition" in error.cure


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\nnothing more", b"no pdf at all", b"%PDF-1.4\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF"]
)
def test_a_damaged_pdf_is_refused(tmp_path, content):
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    assert "PDF" in refused(path).message


@pytest.mark.parametrize("ending", [".docx", ".epub"])
def test_a_zip_bomb_is_not_opened(tmp_path, make, ending):
    path = tmp_path / f"bomb{ending}"
    path.write_bytes(make.zipped(make.docx("") | {"word/media/x.bin": bytes(60_000_000)}))
    assert "unpack to far more" in refused(path).message


@pytest.mark.parametrize("ending", [".docx", ".epub"])
def test_too_many_entries_are_not_opened(tmp_path, make, ending):
    path = tmp_path / f"many{ending}"
    path.write_bytes(make.zipped({f"{at}.txt": "" for at in range(10_001)}))
    assert "unpack to far more" in refused(path).message


@pytest.mark.parametrize(("ending", "name"), [(".docx", "word/link"), (".epub", "OEBPS/link")])
def test_a_symbolic_link_in_an_archive_is_refused(tmp_path, make, ending, name):
    path = tmp_path / f"link{ending}"
    path.write_bytes(make.zipped(make.docx("") if ending == ".docx" else make.epub({}), links=[name]))
    assert "link" in refused(path).message


def test_a_path_that_leads_out_of_an_archive_is_refused(tmp_path, make):
    path = tmp_path / "out.docx"
    path.write_bytes(make.zipped(make.docx("") | {"../../out.txt": "x"}))
    assert "leads out" in refused(path).message


def test_xml_that_defines_entities_is_refused(tmp_path, make):
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    book, document = tmp_path / "laughs.epub", tmp_path / "laughs.docx"
    book.write_bytes(make.zipped(make.epub({"a.xhtml": "<p>x</p>"}, package_head=laughs)))
    entries = make.docx(make.word_paragraph("x"))
    entries["word/document.xml"] = str(entries["word/document.xml"]).replace("?>", f"?>{laughs}", 1)
    document.write_bytes(make.zipped(entries))
    assert "entities" in refused(book).message
    assert "entities" in refused(document).message


@pytest.mark.parametrize("ending", [".docx", ".epub"])
@pytest.mark.parametrize("content", [b"no zip", b"PK\x03\x04 and then nothing", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_archive_is_refused(tmp_path, ending, content):
    path = tmp_path / f"broken{ending}"
    path.write_bytes(content)
    refused(path)


def test_an_encrypted_word_document_is_refused(tmp_path):
    path = tmp_path / "locked.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert "password" in refused(path).message


def test_a_word_document_without_text_is_refused(tmp_path, make):
    path = tmp_path / "blank.docx"
    path.write_bytes(make.zipped(make.docx("<w:p/>")))
    assert "no text" in refused(path).message


def test_a_deeply_nested_word_document_is_refused_or_read(tmp_path, make):
    path = tmp_path / "deep.docx"
    path.write_bytes(make.zipped(make.docx("<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000)))
    refused(path)
