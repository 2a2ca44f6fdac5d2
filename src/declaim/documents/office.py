"""Word documents -> Markdown, by way of the HTML that mammoth makes of them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from declaim.documents.archives import open_archive
from declaim.documents.hypertext import html_to_markdown
from declaim.errors import InputError

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
r[style-name='Verbatim Char'] => code
r[style-name='HTML Code'] => code
"""
_WHAT = "Word document"


def docx_to_markdown(data: bytes) -> str:
    """The Markdown of a .docx: headings, lists, tables, emphasis; pictures as their descriptions.

    Raises:
        InputError: for a document that is damaged, dangerous, protected or empty.
    """
    with open_archive(data, _WHAT) as archive:
        if "word/document.xml" not in archive.namelist():
            raise InputError("The file is a zip archive, but no Word document.", cure="Give it its own ending.")
    # Taken alone it starts ten times faster than behind a converter for every format, and loads no model.
    import mammoth

    try:
        made = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(_no_image))
    except (
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        TypeError,
        OSError,
        RecursionError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        cure = "Open it in a word processor, save it again and try that file."
        raise InputError(f"The {_WHAT} is damaged or of an unknown kind ({type(error).__name__}).", cure=cure) from error
    markdown = html_to_markdown(str(made.value))
    if not markdown.strip():
        raise InputError(f"The {_WHAT} holds no text.", cure="Text in pictures and text boxes cannot be read; paste it instead.")
    return markdown


def _no_image(_image: Any) -> dict[str, str]:
    """Pictures are not loaded; mammoth adds the description itself."""
    return {"src": "#"}
