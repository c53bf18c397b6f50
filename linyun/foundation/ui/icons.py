"""The icon set: stroke drawings on a 24 × 24 grid, drawn for this product, inlined as SVG."""

from functools import lru_cache

from markupsafe import Markup, escape

ICONS: dict[str, str] = {
    "home": '<path d="M4 11l8-7 8 7v9h-6v-6h-4v6H4z"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>',
    "people": '<circle cx="9" cy="9" r="3.5"/><path d="M2.5 19c.7-3.4 3.2-5 6.5-5s5.8 1.6 6.5 5"/>'
    '<path d="M15.5 5.8a3.5 3.5 0 010 6.4M17.5 14.5c2.2.6 3.5 2.1 4 4.5"/>',
    "household": '<path d="M3 11l9-7 9 7"/><path d="M6 10v10h12V10"/><circle cx="12" cy="13" r="2"/>'
    '<path d="M8.5 20c.4-2.3 1.6-3.5 3.5-3.5s3.1 1.2 3.5 3.5"/>',
    "building": '<path d="M5 21V4h9v17M14 9h5v12M3 21h18"/><path d="M8 8h3M8 12h3M8 16h3"/>',
    "door": '<path d="M6 21V4l9-1v18M15 5h3v16M4 21h16"/><path d="M11.5 12h.01"/>',
    "visit": '<path d="M6 21V4h9v7"/><path d="M4 21h8"/><path d="M11.5 12h.01"/><path d="M15 18l2.3 2.3L22 15.5"/>',
    "crowd": '<circle cx="12" cy="7" r="3"/><circle cx="5" cy="10" r="2.3"/><circle cx="19" cy="10" r="2.3"/>'
    '<path d="M6.5 20c.4-4 2.5-6 5.5-6s5.1 2 5.5 6M1.5 18c.3-2.5 1.5-4 3.5-4M22.5 18c-.3-2.5-1.5-4-3.5-4"/>',
    "matter": '<path d="M5 4h14v12l-5 5H5z"/><path d="M14 21v-5h5M8.5 9h7M8.5 13h4"/>',
    "ledger": '<path d="M4 5h16v15H4z"/><path d="M4 10h16M4 15h16M10 5v15"/>',
    "exchange": '<path d="M4 8h14l-4-4M20 16H6l4 4"/>',
    "notice": '<path d="M4 10v5h3l8 4V6l-8 4z"/><path d="M18 9.5c1.3 1.8 1.3 4.2 0 6"/>',
    "council": '<path d="M4 5h16v11H10l-4 4v-4H4z"/><path d="M8 10.5h.01M12 10.5h.01M16 10.5h.01"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="M20 20l-4.5-4.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "down": '<path d="M5 9l7 7 7-7"/>',
    "up": '<path d="M5 15l7-7 7 7"/>',
    "sort": '<path d="M8 10l4-4 4 4M8 14l4 4 4-4"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v6l4 2"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "alert": '<path d="M12 3.5L21.5 20h-19z"/><path d="M12 10v4.5M12 17.3h.01"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.8h.01"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 114 2c-1 .8-1.5 1.3-1.5 2.5M12 17h.01"/>',
    "phone": '<path d="M6 3l3 5-2 2a12 12 0 006 6l2-2 5 3-1 3a2 2 0 01-2 1A17 17 0 013 6a2 2 0 011-2z"/>',
    "camera": '<path d="M4 8h4l1.5-3h5L16 8h4v11H4z"/><circle cx="12" cy="13" r="3.5"/>',
    "photo": '<path d="M4 5h16v14H4z"/><circle cx="9" cy="10" r="1.5"/><path d="M4 17l5-4 3 2.5L16 11l4 4"/>',
    "file": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>',
    "upload": '<path d="M12 16V5M7.5 9L12 4.5 16.5 9M4 16v4h16v-4"/>',
    "download": '<path d="M12 4v11.5M7.5 11.5L12 16l4.5-4.5M4 16v4h16v-4"/>',
    "print": '<path d="M7 9V3h10v6M7 17H4V9h16v8h-3"/><path d="M7 14h10v7H7z"/>',
    "edit": '<path d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z"/><path d="M13.5 7l3.5 3.5"/>',
    "trash": '<path d="M5 7h14M9.5 7V4h5v3M7 7l1 13h8l1-13"/>',
    "tag": '<path d="M4 4h8l8.5 8.5-8 8L4 12z"/><path d="M8.5 8.5h.01"/>',
    "filter": '<path d="M4 5h16l-6 7.5V19l-4 1.5v-8z"/>',
    "columns": '<path d="M4 5h16v14H4zM9.5 5v14M14.5 5v14"/>',
    "link": '<path d="M10 14a4 4 0 005.7 0l3-3A4 4 0 0013 5.3L11.5 7"/>'
    '<path d="M14 10a4 4 0 00-5.7 0l-3 3A4 4 0 0011 18.7L12.5 17"/>',
    "pin": '<path d="M12 21c4.5-4.7 7-8 7-11a7 7 0 10-14 0c0 3 2.5 6.3 7 11z"/><circle cx="12" cy="10" r="2.5"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V7.5a4 4 0 018 0V11"/>',
    "eye": '<path d="M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "shield": '<path d="M12 3l8 3v6c0 4.5-3 7.5-8 9.5-5-2-8-5-8-9.5V6z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>',
    "history": '<path d="M4 5v5h5"/><path d="M4.5 10A8.5 8.5 0 113.5 13"/><path d="M12 8v5l3.5 2"/>',
    "undo": '<path d="M9 6L4 11l5 5"/><path d="M4 11h10a5.5 5.5 0 010 11h-2"/>',
    "refresh": '<path d="M19.5 5v5h-5"/><path d="M19 10a8 8 0 10.5 5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3"/><circle cx="15" cy="7" r="2"/>'
    '<circle cx="9" cy="12" r="2"/><circle cx="15" cy="17" r="2"/>',
    "leave": '<path d="M10 4H5v16h5M9.5 12H20M16 8l4 4-4 4"/>',
    "inbox": '<path d="M4 13l3-8h10l3 8v7H4z"/><path d="M4 13h5l1 3h4l1-3h5"/>',
    "chart": '<path d="M4 4v16h16"/><path d="M8 16v-4M12.5 16V8M17 16v-6"/>',
    "heart": '<path d="M12 20C6 15.5 3.5 12.5 3.5 9A4.5 4.5 0 0112 7a4.5 4.5 0 018.5 2c0 3.5-2.5 6.5-8.5 11z"/>',
    "text": '<path d="M4 7V5h11v2M9.5 5v14M7.5 19h4"/><path d="M14 13v-2h7v2M17.5 11v8M16 19h3"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.8 6 3.8 9s-.8 6-3.8 9c-3-3-3.8-6-3.8-9S9 6 12 3z"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 119.5 4a7 7 0 0010.5 10.5z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2'
    'M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
}


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> Markup:
    """The SVG of one icon. With ``label`` it is read aloud; without, it is decoration beside words.

    Raises KeyError for a name that nobody drew.
    """
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="i" viewBox="0 0 24 24" {said}>{ICONS[name]}</svg>')
