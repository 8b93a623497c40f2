"""Reads documents as typed leaves, independently of leafseal: YAML through ruamel.yaml's libyaml with the typing of YAML 1.2 and
the leftovers of 1.1 that the format keeps (octal 0777, 1_000, timestamps), JSON through json, dotenv and INI line by
line.

A tree is nested tuples: ("map", ((key, tree), ...)), ("list", (tree, ...)), ("null",), ("bool", b), ("int", n),
("float", text), ("time", text), ("str", text).
"""
import base64
import json
import math
import re
import sys
import threading

from ruamel.yaml import YAML

sys.setrecursionlimit(60000)
threading.stack_size(256 * 1024 * 1024)

CORE = "tag:yaml.org,2002:"
INT = re.compile(r"[-+]?(0b[01]+|0o[0-7]+|0x[0-9a-f]+|[0-9]+)$", re.I)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?$", re.I)
TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"
                  r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?[ \t]*(Z|[-+]\d{1,2}(?::?\d\d)?)?)?$")


def text_of(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")


# --- YAML -------------------------------------------------------------------------------------------------------------


def integer(text):
    digits = text.replace("_", "").lower()
    if not INT.match(digits):
        return None
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits.isdigit():
        return sign * int(digits, 8) if re.fullmatch("[0-7]+", digits) else None
    number = sign * int(digits, 0)
    return number if -(2**63) <= number < 2**64 else None


def floating(text):
    lower = text.lower()
    if lower in (".inf", "+.inf"):
        return math.inf
    if lower == "-.inf":
        return -math.inf
    if lower == ".nan":
        return math.nan
    plain = text.replace("_", "")
    if not FLOAT.match(plain):
        return None
    number = float(plain)
    return None if math.isinf(number) else number


def timestamp(text):
    found = TIME.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    zone = zone or "Z"
    if zone != "Z":
        parts = re.match(r"([-+])(\d{1,2}):?(\d\d)?", zone)
        zone = f"{parts[1]}{int(parts[2]):02}:{parts[3] or '00'}"
        zone = "Z" if zone[1:] == "00:00" else zone
    fraction = (fraction or "").rstrip("0").rstrip(".")
    return (f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{int(minute or 0):02}:"
            f"{int(second or 0):02}{fraction}{zone}")


def float_leaf(number):
    return ("float", repr(number + 0.0))


def plain_scalar(text):
    if text in ("", "~", "null", "Null", "NULL"):
        return ("null",)
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return ("bool", text[0] in "tT")
    if text[0].isdigit() or text[0] in "+-":
        if (stamp := timestamp(text)) is not None:
            return ("time", stamp)
        if (number := integer(text)) is not None:
            return ("int", number)
    if text[0].isdigit() or text[0] in "+-.":
        if (number := floating(text)) is not None:
            return float_leaf(number)
    return ("str", text)


def scalar(event):
    tag, plain = event.tag, event.style in (None, "")
    if tag is None or tag == "!":
        return plain_scalar(event.value) if plain or tag == "!" else ("str", event.value)
    kind = str(tag).removeprefix(CORE)
    if kind == "binary":
        return ("str", base64.b64decode(re.sub(r"\s", "", event.value)).decode("utf-8", "backslashreplace"))
    if kind == "float" and (number := floating(event.value)) is not None:
        return float_leaf(number)
    if kind in ("int", "bool", "timestamp", "null"):
        return plain_scalar(event.value)
    return ("str", event.value)


def paired(children):
    """Children of a mapping as (key, value); a key is its text."""
    return tuple((key[1] if key[0] == "str" else key, value) for key, value in zip(children[::2], children[1::2]))


def event_trees(events):
    """One tree a document, from parser events; nothing is composed by others, so that duplicates and order stay."""
    documents, anchors, open_nodes = [], {}, []
    for event in events:
        name = type(event).__name__
        if name == "DocumentStartEvent":
            anchors, open_nodes = {}, [("document", None, [])]
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            open_nodes.append(("map" if name[0] == "M" else "list", event.anchor, []))
            continue
        elif name in ("ScalarEvent", "AliasEvent", "MappingEndEvent", "SequenceEndEvent"):
            if name == "AliasEvent":
                anchor, node = None, anchors[event.anchor]
            elif name == "ScalarEvent":
                in_map = open_nodes[-1][0] == "map"
                is_key = in_map and len(open_nodes[-1][2]) % 2 == 0
                anchor, node = event.anchor, ("str", event.value) if is_key else scalar(event)
            else:
                kind, anchor, children = open_nodes.pop()
                node = (kind, paired(children) if kind == "map" else tuple(children))
            if anchor:
                anchors[anchor] = node
            open_nodes[-1][2].append(node)
        elif name == "DocumentEndEvent":
            documents += open_nodes[0][2]
    return documents


def yaml_documents(data):
    return event_trees(YAML(typ="safe").parse(text_of(data)))


def yaml_comments(data):
    """The texts of all comments in source order. They stand in the gaps between events, and behind block headers."""
    text = text_of(data)
    found, position = [], 0

    def gap(piece):
        for line in re.split(r"\r\n|\r|\n", piece):
            if comment := re.search(r"(?:^|(?<=\s))#(.*)$", line):
                found.append(comment[1])

    for event in YAML(typ="safe").parse(text):
        begin, end = event.start_mark.index, event.end_mark.index
        if begin > position:
            gap(text[position:begin])
        if getattr(event, "style", None) in ("|", ">"):
            if header := re.match(r"[^|>\r\n]*[|>][-+0-9]*[ \t]+#([^\r\n]*)", text[begin:end]):
                found.append(header[1])
        position = max(position, end)
    gap(text[position:])
    return found


def comments_behind_flow_items(data):
    """The texts of the comments that end the line of a list item written as a flow collection."""
    text, found, open_nodes = text_of(data), [], []
    for event in YAML(typ="safe").parse(text):
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            in_block_list = bool(open_nodes) and open_nodes[-1] == "block list"
            kind = "list" if name[0] == "S" else "map"
            open_nodes.append("flow item" if event.flow_style and in_block_list else
                              f"{'flow' if event.flow_style else 'block'} {kind}")
        elif name in ("MappingEndEvent", "SequenceEndEvent") and open_nodes.pop() == "flow item":
            if comment := re.compile(r"[ \t]+#([^\r\n]*)").match(text, event.end_mark.index):
                found.append(comment[1])
    return found


# --- the other formats ------------------------------------------------------------------------------------------------


def json_tree(data):
    class Entries(tuple):
        pass

    def convert(value):
        if isinstance(value, Entries):
            return ("map", tuple((key, convert(child)) for key, child in value))
        if isinstance(value, list):
            return ("list", tuple(convert(child) for child in value))
        if value is None:
            return ("null",)
        if isinstance(value, bool):
            return ("bool", value)
        if isinstance(value, int) and -(2**63) <= value < 2**63:
            return ("int", value)
        if isinstance(value, (int, float)):
            return float_leaf(float(value))
        return ("str", value)

    return convert(json.JSONDecoder(object_pairs_hook=Entries).raw_decode(data.decode("utf-8").lstrip())[0])


def dotenv_lines(data):
    lines = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if line.startswith("#"):
            lines.append(("comment", line[1:]))
        elif line:
            key, _, value = line.partition("=")
            lines.append(("entry", key, value))
    return lines


def unquoted(value):
    for quote in ('"""', '"', "'", "`"):
        if len(value) >= 2 * len(quote) and value.startswith(quote) and value.endswith(quote):
            return value[len(quote):-len(quote)]
    return value


def ini_lines(data):
    """Sections, entries and comments; enough for files whose values stand on one line."""
    lines, section = [], "DEFAULT"
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        if text[0] in "#;":
            lines.append(("comment", text.lstrip("#; ")))
        elif text[0] == "[" and "]" in text:
            section = text[1:text.rindex("]")]
        else:
            key, value = (re.split("[=:]", text, maxsplit=1) + [""])[:2]
            lines.append(("entry", section, key.strip(), unquoted(value.strip())))
    return lines


def read(format_name, data):
    """A file as something comparable: equal results mean the same values, types and order."""
    if format_name == "yaml":
        return yaml_documents(data)
    if format_name == "json":
        return json_tree(data)
    if format_name == "dotenv":
        return dotenv_lines(data)
    if format_name == "ini":
        return ini_lines(data)
    return data


def loose_numbers(value):
    """The same tree with 1 and 1.0 equal: the reference prints integral floats without a point."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == "float" and isinstance(value[1], str):
        number = float(value[1])
        return ("int", int(number)) if number.is_integer() and abs(number) < 1e300 else value
    if isinstance(value, (tuple, list)):
        return tuple(loose_numbers(child) for child in value)
    return value
