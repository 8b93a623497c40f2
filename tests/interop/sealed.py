"""What two sealed files must have in common although every token differs: structure, which leaves are sealed, with
which type and length, and the metadata apart from what changes with every run."""
import base64
import re

import typed

TOKEN = re.compile(r"ENC\[AES256_GCM,data:([^,]*),iv:([^,]*),tag:([^,]*),type:([a-z]*)\]\s*\Z")
VOLATILE = {"lastmodified", "mac", "version", "enc", "created_at"}


def token_shape(text):
    """("token", type, lengths of plaintext, nonce and tag) of a token, any other text as it is."""
    found = TOKEN.match(text) if isinstance(text, str) else None
    if not found:
        return text
    return ("token", found[4], *(len(base64.b64decode(found[part])) for part in (1, 2, 3)))


def shaped(node):
    """A tree with its tokens as shapes, and without list items that are sealed comments: beside the item's place a
    comment line is as good."""
    if node[0] == "str":
        return ("str", token_shape(node[1]))
    if node[0] == "list":
        children = (shaped(child) for child in node[1])
        return ("list", tuple(c for c in children if not (c[0] == "str" and c[1][:2] == ("token", "comment"))))
    if node[0] == "map":
        return ("map", tuple((key, shaped(value)) for key, value in node[1]))
    return node


def steady(node):
    """Metadata without values that change with each run, empty fields, and leafseal's own field."""
    if node[0] == "map":
        return ("map", tuple((key, "volatile" if key in VOLATILE else steady(value)) for key, value in node[1]
                             if key != "leafseal" and value not in (("null",), ("list", ()))))
    if node[0] == "list":
        return ("list", tuple(steady(child) for child in node[1]))
    return node


def nested(documents):
    metadata, bodies = None, []
    for document in documents:
        if document[0] != "map":
            bodies.append(document)
            continue
        for key, value in document[1]:
            if key == "sops" and metadata is None:
                metadata = steady(value)
        bodies.append(shaped(("map", tuple(entry for entry in document[1] if entry[0] != "sops"))))
    return bodies, metadata


def flat(lines, is_metadata):
    """Of dotenv and INI lines: (entries with shapes, steady metadata, how many sealed comments)."""
    body, metadata, comments = [], [], 0
    for line in lines:
        if line[0] == "comment":
            comments += isinstance(token_shape(line[1]), tuple)
        elif not is_metadata(line):
            body.append(line[1:-1] + (token_shape(line[-1]),))
        elif "leafseal__map_" not in line[-2]:
            field = re.sub(r".*__map_|^sops_", "", line[-2])
            metadata.append((line[-2], "volatile" if field in VOLATILE else line[-1]))
    return body, sorted(metadata), comments


def outline(format_name, data):
    """The comparable form of a sealed file."""
    if format_name == "yaml":
        return nested(typed.yaml_documents(data))
    if format_name in ("json", "binary"):
        return nested([typed.json_tree(data)])
    if format_name == "dotenv":
        return flat(typed.dotenv_lines(data), lambda line: line[1].startswith("sops_"))
    return flat(typed.ini_lines(data), lambda line: line[1] == "sops")


def sealed_comments(data):
    """Shapes of the sealed comments of a YAML file, list items included, sorted."""
    shapes = [token_shape(text) for text in typed.yaml_comments(data)]

    def items(node):
        if node[0] == "list":
            for child in node[1]:
                if child[0] == "str" and token_shape(child[1])[:2] == ("token", "comment"):
                    yield token_shape(child[1])
                else:
                    yield from items(child)
        elif node[0] == "map":
            for _, value in node[1]:
                yield from items(value)

    for document in typed.yaml_documents(data):
        shapes += items(document)
    return sorted(shape for shape in shapes if isinstance(shape, tuple))


def has_list_comment(format_name, data):
    """Whether a sealed comment stands as a list item, which sops 3.13.2 counts into the MAC on reading."""
    return format_name == "yaml" and re.search(rb"^\s*(- +)+ENC\[AES256_GCM,.*,type:comment\]", data, re.M) is not None
