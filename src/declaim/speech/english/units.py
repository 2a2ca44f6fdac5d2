"""Units of measurement and money: how they are written, and their words for one and for many."""

from __future__ import annotations

from declaim.speech.english.wordlist import words_in


def _table(text: str) -> dict[str, str]:
    """``written = words`` entries between semicolons."""
    pairs = (entry.partition("=") for entry in text.split(";") if "=" in entry)
    return {written.strip(): words.strip() for written, _, words in pairs}


_COUNTED_UNITS = _table("""
    kB = kilobyte; KB = kilobyte; MB = megabyte; GB = gigabyte; TB = terabyte; PB = petabyte; EB = exabyte; B = byte;
    KiB = kibibyte; kiB = kibibyte; MiB = mebibyte; GiB = gibibyte; TiB = tebibyte; PiB = pebibyte;
    Ki = kibibyte; Mi = mebibyte; Gi = gibibyte; Ti = tebibyte;
    kb = kilobit; Mb = megabit; Gb = gigabit; Tb = terabit; kbit = kilobit; Mbit = megabit; Gbit = gigabit;
    ns = nanosecond; µs = microsecond; μs = microsecond; us = microsecond; ms = millisecond; msec = millisecond;
    s = second; sec = second; secs = second; min = minute; mins = minute; m = minute; h = hour; hr = hour; hrs = hour; d = day;
    nm = nanometer; µm = micrometer; μm = micrometer; mm = millimeter; cm = centimeter; km = kilometer;
    mg = milligram; g = gram; kg = kilogram; ml = milliliter; mL = milliliter; lb = pound; lbs = pound; mi = mile; yd = yard;
    px = pixel; pt = point; MP = megapixel; Mpx = megapixel; dB = decibel; V = volt; mV = millivolt; kV = kilovolt;
    W = watt; mW = milliwatt; kW = kilowatt; MW = megawatt; Wh = watt hour; kWh = kilowatt hour;
    mA = milliamp; mAh = milliamp hour; J = joule; kJ = kilojoule; kcal = kilocalorie;
    ¢ = cent; m² = square meter; m³ = cubic meter; km² = square kilometer
""")
_SAME_UNITS = _table("""
    Hz = hertz; kHz = kilohertz; KHz = kilohertz; MHz = megahertz; GHz = gigahertz; THz = terahertz;
    fps = frames per second; FPS = frames per second; rps = requests per second; RPS = requests per second;
    qps = queries per second; QPS = queries per second; tps = transactions per second; TPS = transactions per second;
    rpm = revolutions per minute; wpm = words per minute; WPM = words per minute; bpm = beats per minute; BPM = beats per minute;
    mph = miles per hour; kph = kilometers per hour; bps = bits per second;
    kbps = kilobits per second; Kbps = kilobits per second;
    Mbps = megabits per second; Gbps = gigabits per second; MBps = megabytes per second; GBps = gigabytes per second;
    dBFS = decibels full scale; dBTP = decibels true peak; dBm = D B M; LUFS = luffs; LU = loudness units;
    ° = degrees; °C = degrees Celsius; °F = degrees Fahrenheit; ℃ = degrees Celsius; ℉ = degrees Fahrenheit;
    % = percent; ‰ = per mille; ppm = parts per million; dpi = dots per inch; DPI = dots per inch; ppi = pixels per inch;
    PPI = pixels per inch; em = em; rem = rem; vh = V H; vw = V W; pp = percentage points
""")
UNITS: dict[str, tuple[str, str]] = {
    **{written: (word, word + "s") for written, word in _COUNTED_UNITS.items()},
    **{written: (words, words) for written, words in _SAME_UNITS.items()},
    "ft": ("foot", "feet"),
}
ONLY_ATTACHED = frozenset(words_in("m g d J pt em rem vh vw pp mi yd Ki Mi Gi Ti us MP LU B"))
"""Behind a space these are words of their own ("3 us", "5 m")."""

PER = _table("""
    s = second; sec = second; second = second; ms = millisecond; min = minute; minute = minute; m = minute; h = hour; hr = hour;
    hour = hour; d = day; day = day; week = week; wk = week; mo = month; month = month; yr = year; year = year; y = year;
    user = user; seat = seat; request = request; req = request; MB = megabyte; GB = gigabyte; TB = terabyte; kWh = kilowatt hour;
    kg = kilogram; m² = square meter; token = token; op = operation; core = core; node = node; line = line; call = call;
    file = file; frame = frame; page = page; host = host; instance = instance; person = person; item = item; project = project
""")
"""What a rate is by: ``MB/s`` megabytes per second."""
COUNTED = _table("""
    req = requests; reqs = requests; request = requests; requests = requests; op = operations; ops = operations; tok = tokens;
    tokens = tokens; msg = messages; msgs = messages; messages = messages; events = events; rows = rows; queries = queries;
    q = queries; iter = iterations; it = iterations; calls = calls; users = users; frames = frames; samples = samples;
    words = words; lines = lines; writes = writes; reads = reads; files = files; pages = pages; jobs = jobs; builds = builds;
    bytes = bytes; bits = bits; packets = packets; tx = transactions; transactions = transactions; items = items;
    hours = hours; days = days
""")
"""What is counted in a rate: ``100 req/s``."""
MAGNITUDES = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "B": "billion", "bn": "billion", "T": "trillion"}

MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₽": ("rouble", "roubles", "kopek", "kopeks"),
    "₩": ("won", "won", "jeon", "jeon"),
    "₴": ("hryvnia", "hryvnias", "kopeck", "kopecks"),
    "₺": ("lira", "liras", "kurus", "kurus"),
}
"""One, many, one hundredth, hundredths."""
