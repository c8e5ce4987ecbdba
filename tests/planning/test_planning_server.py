"""The server answers its own page on this machine alone, and nothing hangs or breaks it."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import sim
from sim.errors import PlannerError
from sim.figures import hours, people, style
from sim.planning import server, sockets, worker
from sim.planning.bundle import bundle
from sim.planning.desk import Desk, example
from sim.planning.worlds import Superseded

TOKEN = "a-token"
HERE = {"x-tiercurve-token": TOKEN, "x-tiercurve-visitor": "me"}
PAGE = Path(sim.__file__).parent / "planning" / "page"


@pytest.fixture(scope="module")
def desk():
    return example()


@pytest.fixture(scope="module")
def client(desk):
    running = worker.Worker().start()
    app = server.application(desk, TOKEN, running)
    with TestClient(app, base_url="http://127.0.0.1:8000") as found:
        yield found
    running.stop()


def ask(client, body, headers=HERE):
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/answer", content=content, headers=headers)


def test_the_page_is_served_with_its_files_and_asks_for_no_others(client):
    page = client.get("/", params={"token": TOKEN})
    assert page.status_code == 200
    for path in PAGE.iterdir():
        if path.suffix[1:] in server.KINDS:
            got = client.get(f"/page/{path.name}")
            whole = bundle("main").encode() if path.name == "main.js" else path.read_bytes()
            assert got.content == whole
            text = got.text.replace("http://www.w3.org/2000/svg", "")
            assert "http://" not in text
            assert "https://" not in text
            assert "//cdn" not in text


def test_every_answer_forbids_requests_to_others(client):
    for got in (
        client.get("/page/planner.js"), client.get("/"), client.get("/nowhere"),
        client.get("/", headers={"host": "evil.example"}),
    ):  # fmt: skip
        policy = got.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in got.headers


def test_the_opening_has_controls_and_a_state_of_them(client):
    opening = client.get("/opening", headers=HERE).json()
    ids = {control["id"] for control in opening["controls"]}
    assert opening["controls"][0]["id"] == "hours"
    assert opening["question"].endswith("?")
    assert set(opening["state"]) <= ids
    assert "no basis for workforce change" in opening["caveat"]


def test_an_answer_is_that_of_the_desk(client, desk):
    got = ask(client, {"state": desk.state, "stage": 0})
    assert got.status_code == 200
    assert got.json() == json.loads(json.dumps(desk.answer(desk.state, 0)))


def test_a_run_to_watch_is_that_of_the_desk(client, desk):
    body = json.dumps({"state": desk.state, "which": "plan"})
    got = client.post("/run", content=body, headers=HERE)
    assert got.json() == json.loads(json.dumps(desk.one_run(desk.state, "plan")))


def test_a_plan_is_downloaded_as_a_file(client, desk, tmp_path):
    body = json.dumps({"state": desk.state, "which": "plan"})
    got = client.post("/toml", content=body, headers=HERE)
    (tmp_path / "plan.toml").write_text(got.text, encoding="utf-8")
    assert sim.load(tmp_path / "plan.toml").joiners[0].count == 2


@pytest.mark.parametrize("token", ["", "wrong", "a-token ", "ä", "a" * 10_000])
def test_without_the_token_nothing_is_told(token, client):
    wrong = {"x-tiercurve-token": token.encode(), "x-tiercurve-visitor": "me"}
    for got in (
        client.get("/opening", headers=wrong),
        client.get("/", params={"token": token}),
        ask(client, {"state": {}, "stage": 0}, wrong),
        client.post("/toml", content="{}", headers=wrong),
    ):
        assert got.status_code == 403
        assert got.json() == {"error": "open the address that `tiercurve plan` printed"}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8000"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:9000"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": "https://127.0.0.1:8000"},
        {"host": "localhost:8000", "origin": "http://127.0.0.1:8000"},
    ],
)
def test_another_host_or_page_is_refused_even_with_the_token(headers, client):
    got = ask(client, {"state": {}, "stage": 0}, HERE | headers)
    assert got.status_code == 403
    assert client.get("/opening", headers=HERE | headers).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_this_machine_is_let_in_by_either_name(host, client):
    headers = HERE | {"host": host, "origin": f"http://{host}"}
    assert client.get("/opening", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422), ("{", 422), ("[]", 422), ("null", 422), ("NaN", 422), (b"\xff\xfe", 422),
        ("[" * 9_000, 422), ('{"state": {}}', 422), ('{"state": {}, "stage": 0, "x": 1}', 422),
        ('{"state": {"weeks": NaN}, "stage": 0}', 422),
        ('{"state": {"weeks": 1e999}, "stage": 0}', 422),
        ('{"state": {"weeks": 1' + "0" * 5_000 + '}, "stage": 0}', 422),
        ('{"state": [], "stage": 0}', 422), ('{"state": {"weeks": 99999}, "stage": 0}', 422),
        ('{"state": {"plan.engineer.expert": 59}, "stage": 0}', 422),
        ('{"state": {"today.tool": "/etc/passwd"}, "stage": 0}', 422),
        ('{"state": {"\\u0000": 1}, "stage": 0}', 422), ('{"state": {}, "stage": 1e9}', 422),
        (" " * 20_001, 413), ("x" * 1_000_000, 413),
    ],
)  # fmt: skip
def test_a_hostile_request_is_one_line_and_breaks_nothing(body, status, client):
    got = ask(client, body)
    assert got.status_code == status
    (line,) = got.json().values()
    assert line
    assert "\n" not in line
    assert len(line) < 500
    assert "Traceback" not in got.text
    assert ask(client, {"state": {}, "stage": 0}).status_code == 200


@pytest.mark.parametrize("visitor", ["", "a b", "x" * 41, "é", "../x"])
def test_a_visitor_without_a_plain_name_is_refused(visitor, client):
    headers = HERE | {"x-tiercurve-visitor": visitor.encode()}
    assert ask(client, {"state": {}, "stage": 0}, headers).status_code == 422


@pytest.mark.parametrize(
    "path", ["/page/../server.py", "/page/%2e%2e%2fserver.py", "/page/README.md", "/page/x", "/x"]
)
def test_only_files_of_the_page_are_served(path, client):
    got = client.get(path, headers=HERE)
    assert got.status_code in (404, 405)
    assert "import" not in got.text


def test_a_fault_that_nobody_foresaw_is_a_line_too(desk, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("x")

    monkeypatch.setattr(Desk, "answer", broken)
    running = worker.Worker().start()
    app = server.application(desk, TOKEN, running)
    with TestClient(app, "http://127.0.0.1:8000", raise_server_exceptions=False) as found:
        got = ask(found, {"state": {}, "stage": 0})
    running.stop()
    assert got.status_code == 500
    assert got.json() == {"error": "a fault of Tiercurve (ZeroDivisionError: x)"}


# ---- the worker ----------------------------------------------------------------------------------


def run(coroutine):
    import asyncio

    return asyncio.run(coroutine)


def test_the_latest_request_of_a_visitor_wins_and_others_are_served():
    async def story():
        import asyncio

        running = worker.Worker().start()
        started, go = threading.Event(), threading.Event()

        def first(superseded):
            started.set()
            go.wait(30)
            if superseded():
                raise Superseded
            return "first"

        one = asyncio.create_task(running.answer("a", first))
        await asyncio.to_thread(started.wait, 30)
        two = asyncio.create_task(running.answer("a", lambda _: "second"))
        other = asyncio.create_task(running.answer("b", lambda _: "other"))
        await asyncio.sleep(0)
        three = asyncio.create_task(running.answer("a", lambda _: "third"))
        await asyncio.sleep(0)
        go.set()
        found = await asyncio.gather(one, two, other, three, return_exceptions=True)
        running.stop()
        return found

    one, two, other, three = run(story())
    assert isinstance(one, Superseded)
    assert isinstance(two, Superseded)
    assert (other, three) == ("other", "third")


def test_work_before_any_request_is_done_first_and_its_failure_ends_nothing():
    done = []

    def first():
        done.append("first")
        raise ZeroDivisionError

    async def story():
        running = worker.Worker(first).start()
        found = await running.answer("a", lambda _: done.append("second"))
        running.stop()
        return found

    run(story())
    assert done == ["first", "second"]


def test_only_so_many_visitors_may_wait_and_an_error_ends_one_request_alone():
    async def story():
        import asyncio

        running = worker.Worker().start()
        started, go = threading.Event(), threading.Event()

        def block(_):
            started.set()
            go.wait(30)
            raise ZeroDivisionError

        blocked = asyncio.create_task(running.answer("0", block))
        await asyncio.to_thread(started.wait, 30)
        waiting = [
            asyncio.create_task(running.answer(f"v{i}", lambda _: 1))
            for i in range(worker.MOST_VISITORS)
        ]
        await asyncio.sleep(0)
        with pytest.raises(PlannerError, match="too many people"):
            await running.answer("one-more", lambda _: 1)
        go.set()
        found = await asyncio.gather(blocked, *waiting, return_exceptions=True)
        running.stop()
        return found

    blocked, *waiting = run(story())
    assert isinstance(blocked, ZeroDivisionError)
    assert waiting == [1] * worker.MOST_VISITORS


# ---- the command ---------------------------------------------------------------------------------


def command(*options):
    return [sys.executable, "-m", "sim.cli.main", "plan", "--no-browser", *options]


def test_the_command_serves_and_ends_at_once_while_it_works():
    process = subprocess.Popen(command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        base, _, token = address.partition("/?token=")
        body = json.dumps({"state": {"weeks": 60}, "stage": 2}).encode()
        headers = {"x-tiercurve-token": token, "x-tiercurve-visitor": "me"}
        request = urllib.request.Request(f"{base}/answer", body, headers)
        threading.Thread(target=lambda: _quietly(request), daemon=True).start()
        opening = urllib.request.Request(f"{base}/opening", headers=headers)
        assert json.load(urllib.request.urlopen(opening, timeout=60))["controls"]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert said.splitlines()[-1] == "ended"


def test_the_command_sets_a_plan_against_what_is_done_today():
    words = command("hire-an-expert", "--against", "two-years")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base, _, token = process.stdout.readline().strip().partition("/?token=")
        request = urllib.request.Request(f"{base}/opening", headers={"x-tiercurve-token": token})
        opening = json.load(urllib.request.urlopen(request, timeout=60))
    finally:
        process.kill()
        process.wait()
    expected = Desk.of_two(sim.load("two-years"), sim.load("hire-an-expert")).opening()
    assert opening == json.loads(json.dumps(expected))
    assert opening["state"] or opening["kept"]["plan"]


def test_nothing_that_is_slow_to_import_stands_before_the_first_answer():
    heavy = {"mesa", "pandas", "networkx", "matplotlib", "SALib", "pptx"}
    code = (
        "import sys; from sim.planning import desk, server; page = desk.example(); "
        f"page.answer(page.state, 0); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def _quietly(request):
    with contextlib.suppress(OSError):  # the server is ended meanwhile
        urllib.request.urlopen(request, timeout=60).read()


def test_a_port_in_use_is_one_line_and_exit_code_2():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(command("--port", str(port)), capture_output=True, text=True)
    assert done.returncode == 2
    said = f"tiercurve: port {port}: in use; name another by --port, or leave it out for a free one"
    assert done.stderr.strip() == said


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-plan"],
        ["decks/train-or-hire"],
        ["--against", "two-years"],
        ["hire-an-expert", "--against", "done-by-march/today"],
        ["hire-an-expert", "--against", "no-such-plan"],
    ],
)
def test_a_plan_that_is_none_is_refused_before_anything_is_served(words):
    done = subprocess.run(command(*words), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_socket_is_of_this_machine_alone():
    found = sockets.listening()
    try:
        assert found.getsockname()[0] == "127.0.0.1"
    finally:
        found.close()


# ---- one table of colours and words --------------------------------------------------------------


def test_colours_of_the_page_are_those_of_the_figures():
    css = (PAGE / "planner.css").read_text(encoding="utf-8").lower()
    both = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\)", css)
    same = re.findall(r"(--[\w-]+): (#\w+);", css)
    light = {f"{name}: {day}" for name, day, _ in both} | {f"{n}: {value}" for n, value in same}
    dark = {f"{name}: {night}" for name, _, night in both}
    levels = ("novice", "beginner", "intermediate", "advanced", "expert")
    for name, colour in {**hours.COLOURS, **dict(zip(levels, people.COLOURS, strict=True))}.items():
        assert f"--{name}: {colour.lower()}" in light
    assert f"--plan: {style.BLUE.lower()}" in light
    assert f"--plan: {style.THEMES['dark'][style.BLUE].lower()}" in dark
    assert f"--worse: {style.WARNING.lower()}" in light


def test_the_file_of_a_picture_is_in_the_light_colours_of_the_page():
    script = (PAGE / "picture.js").read_text(encoding="utf-8")
    assert style.BLUE in script
    assert style.WARNING in script
