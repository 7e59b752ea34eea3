"""Errands in the store, which is written in Go."""

import json

from features.errands.errand import PLANNING, Errand
from features.errands.everywhere import reading
from projects import GO
from workbench import block

STORE, TESTS, ROUTES = "store.go", "store_test.go", "routes.go"

NEW = "func New() *Store {\n\treturn &Store{items: map[string]string{}}\n}\n"
SIZED = "func New() *Store {\n\treturn &Store{items: make(map[string]string, 64)}\n}\n"
GET = (
    "func (s *Store) Get(key string) (string, error) {\n"
    '\tvalue, ok := s.items[key]\n\tif !ok {\n\t\treturn "", ErrMissing\n\t}\n\treturn value, nil\n}\n'
)
INVERTED = (
    "func (s *Store) Get(key string) (string, error) {\n"
    '\tif value, ok := s.items[key]; ok {\n\t\treturn value, nil\n\t}\n\treturn "", ErrMissing\n}\n'
)
PUT = 'func (s *Store) Put(key, value string) {\n\tpanic("not implemented")\n}\n'
TEST = GO[TESTS].partition('import "testing"\n\n')[2]
ROUTE = 'func routes(r *Router) {\n\tr.Get("/items/{key}", read)\n}\n'
HANDLER = "func read(key string) string {\n\treturn key\n}\n"

OURS, THEIRS = "func size() int {\n\treturn 8\n}\n", "func size() int {\n\treturn 16\n}\n"
CONFLICT = f"<<<<<<< ours\n{OURS}=======\n{THEIRS}>>>>>>> theirs\n"
LOOSE = "func first(list []any) any {\n\treturn list[0]\n}\n"

PLAN = json.dumps(
    {
        "need": [],
        "plan": "Rename New to Open.",
        "changes": [{"path": STORE, "what": "Rename the function."}, {"path": TESTS, "what": "Call it by its name."}],
        "rename": [],
        "delete": [],
    }
)
RENAMED = block("func New() *Store {\n", "func Open() *Store {\n", STORE)
USED = GO[TESTS].replace("New()", "Open()")

ERRANDS = (
    *reading(STORE, "Store", "package store"),
    Errand(
        kind="annotate",
        file="first.go",
        laid={"first.go": f"package store\n\n{LOOSE}"},
        at="first(",
        old=LOOSE,
        new="func first(list []string) string {\n\treturn list[0]\n}\n",
    ),
    Errand(kind="comment", file=STORE, chosen=NEW, old=NEW, new=f"// Nothing is in it yet.\n{NEW}"),
    Errand(kind="debug", file=TESTS, said="Getting is slow.", into=STORE, old=GET, new=INVERTED, victim=NEW),
    Errand(
        kind="docstring",
        file=STORE,
        at="New()",
        says="New returns an empty store.",
        vary="\treturn &Store{items: map[string]string{}}",
        lands={STORE: GO[STORE].replace(NEW, f"// New returns an empty store.\n{NEW}")},
    ),
    Errand(kind="edit", file=STORE, said="Make room at once.", old=NEW, new=SIZED, victim=GET),
    Errand(
        kind="endpoint",
        file=ROUTES,
        laid={ROUTES: f"package store\n\n{HANDLER}\n{ROUTE}"},
        at="r.Get",
        said="List all items.",
        old='\tr.Get("/items/{key}", read)\n',
        new='\tr.Get("/items/{key}", read)\n\tr.Get("/items", read)\n',
        victim=HANDLER,
    ),
    Errand(kind="fix", file=STORE, at="value, ok", said="It is hard to read.", old=GET, new=INVERTED),
    Errand(
        kind="implement",
        file=STORE,
        at="Put(",
        old=PUT,
        new=PUT.replace('panic("not implemented")', "s.items[key] = value"),
    ),
    Errand(
        kind="merge",
        file="size.go",
        laid={"size.go": f"package store\n\n{CONFLICT}"},
        at=OURS,
        old=CONFLICT,
        new=THEIRS,
    ),
    Errand(kind="migrate", file=STORE, said="To sized maps.", old=NEW, new=SIZED, victim=GET),
    Errand(
        kind="name",
        file=STORE,
        at="ErrMissing =",
        says='{"names": ["range", "ErrUnknown"]}',
        lands={
            STORE: GO[STORE].replace("ErrMissing", "ErrUnknown").replace("// ErrUnknown is", "// ErrMissing is"),
            TESTS: GO[TESTS].replace("ErrMissing", "ErrUnknown"),
        },
    ),
    Errand(kind="optimise", file=STORE, at="New()", said="Make it faster.", old=NEW, new=SIZED, victim=GET),
    Errand(
        kind="query",
        file=STORE,
        chosen="\tvalue, ok := s.items[key]\n",
        said="Read it from the table.",
        old="\tvalue, ok := s.items[key]\n",
        new='\trow := db.QueryRow("SELECT value FROM items WHERE key = ?", key)\n\tvalue, ok := scan(row)\n',
    ),
    Errand(kind="refactor", file=STORE, chosen=GET, said="Simplify.", old=GET, new=INVERTED, victim=NEW),
    Errand(
        kind="refactor_files",
        file=STORE,
        said="Rename New to Open.",
        first={PLANNING: PLAN, f"Your file: {STORE}": RENAMED},
        into=TESTS,
        old=GO[TESTS],
        new=USED,
        lands={STORE: GO[STORE].replace("func New()", "func Open()"), TESTS: USED},
        victim=TEST,
    ),
    Errand(
        kind="tests",
        file=STORE,
        at="Put(",
        into=TESTS,
        old=TEST,
        new=f'{TEST}\nfunc TestPut(t *testing.T) {{\n\tNew().Put("a", "b")\n}}\n',
        victim=TEST,
    ),
    Errand(kind="transform", file=STORE, at="Get(key", said="Invert the condition.", old=GET, new=INVERTED),
    Errand(
        kind="translate",
        file=TESTS,
        said="Into Rust.",
        says="```rust\nfn missing() -> bool {\n    true\n}\n```",
        lands={"store_test.rs": "fn missing() -> bool {\n    true\n}\n"},
    ),
)
