"""Opens the pages of `einsumc explain --html` in headless Chromium, narrow and wide, light and dark.

    EINSUMC=path/to/einsumc python3 explain_page.py [FOLDER]

No page may load anything, write to the console, scroll sideways, or cut text off. Screenshots go to FOLDER, if one is given, to be
looked at. Without Chromium (Debian's package `chromium`, which is large) nothing is checked, and that is said.
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EINSUMC = os.environ["EINSUMC"]
PROBLEMS = {
    "batched": ["bij,bjk->bik", "--sizes", "b=10000,i=4,j=4,k=4"],
    "chain": ["abc,aib,bjd,dk->cijk", "--sizes", "a=16,b=16,c=16,i=2,j=2,d=16,k=8", "--dtype", "c64"],
    "map": ["bij,k->bijk", "--sizes", "b=8,i=64,j=64,k=64"],
    "pieces": ["aged,cbfg->fedcba", "--sizes", "a=20,b=20,c=20,d=20,e=20,f=20,g=20"],
    "tiled": ["bqhd,bkhd->bhqk", "--sizes", "b=4,q=512,h=12,d=64,k=512"],
}
WIDTHS = [1280, 390]

# What a reader would not see: boxes beyond the page that no box round them scrolls, and labels outside their drawing.
FAULTS = """(() => {
  const faults = [], width = document.documentElement.clientWidth;
  const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  if (document.scrollingElement.scrollWidth > width) faults.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect(), text = element.textContent.slice(0, 40);
    if (!box.width) continue;
    if (element.ownerSVGElement) {
      const view = element.ownerSVGElement.getBoundingClientRect();
      const isInside = box.left > view.left - 1 && box.right < view.right + 1
        && box.top > view.top - 1 && box.bottom < view.bottom + 1;
      if (element.tagName === "text" && !isInside) faults.push("outside the drawing: " + text);
      continue;
    }
    if (["hidden", "auto"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
      faults.push("cut off: " + text);
    let around = element;
    while (around && !scrolls(around)) around = around.parentElement;
    if (!around && (box.right > width + 1 || box.left < -1)) faults.push("outside the page: " + text);
  }
  return faults;
})()"""


class Browser:
    """Chromium, spoken to through a pair of pipes."""

    def __init__(self, program, folder):
        commands, self.commands = os.pipe()
        self.replies, replies = os.pipe()

        def connect():
            # Chromium reads from descriptor 3 and writes to 4.
            first, second = os.dup(commands), os.dup(replies)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={folder}"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(replies)
        self.count, self.received, self.events = 0, b"", []

    def receive(self):
        while b"\0" not in self.received:
            part = os.read(self.replies, 1 << 20)
            if not part:
                raise AssertionError("Chromium ended")
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while (reply := self.receive()).get("id") != self.count:
            self.events.append(reply)
        if "error" in reply:
            raise AssertionError(f"{method}: {reply['error']}")
        return reply["result"]

    def wait(self, method):
        while not any(event["method"] == method for event in self.events):
            self.events.append(self.receive())

    def faults(self, page, width, scheme, screenshot):
        """What is wrong with a page, as texts."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.events = []
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable", session)
        self.call("Emulation.setDeviceMetricsOverride", session, width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", session, url=page.as_uri())
        self.wait("Page.loadEventFired")
        faults = self.call("Runtime.evaluate", session, expression=FAULTS, returnByValue=True)["result"]["value"]
        for event in self.events:
            if event["method"] in ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"]:
                faults.append(f"console: {json.dumps(event['params'])[:300]}")
            if event["method"] == "Network.requestWillBeSent" and event["params"]["request"]["url"] != page.as_uri():
                faults.append(f"loads {event['params']['request']['url'][:80]}")
        if screenshot:
            picture = self.call("Page.captureScreenshot", session, captureBeyondViewport=True)["data"]
            screenshot.write_bytes(base64.b64decode(picture))
        self.call("Target.closeTarget", targetId=target)
        return faults


def main():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        return print("skipped: no chromium")
    pictures = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    failed = passed = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        browser = Browser(program, folder / "profile")
        try:
            for problem, arguments in PROBLEMS.items():
                page = folder / f"{problem}.html"
                subprocess.run([EINSUMC, "explain", *arguments, "--html", page], check=True)
                for width in WIDTHS:
                    for scheme in ["light", "dark"]:
                        picture = pictures / f"{problem}-{width}-{scheme}.png" if pictures else None
                        faults = browser.faults(page, width, scheme, picture)
                        failed, passed = failed + bool(faults), passed + (not faults)
                        for fault in faults:
                            print(f"FAILED {problem}, {width} pixels, {scheme}: {fault}")
        finally:
            browser.process.terminate()
            browser.process.wait()
    print(f"{passed} pages passed, {failed} failed")
    sys.exit(failed > 0)


main()
