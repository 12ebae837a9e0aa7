"""What the pictures of the guide show, each taken while the system is used as the guide says."""

from playwright.sync_api import FilePayload, Page, expect

from tests.pictures.camera import ALL, Camera

# The marks of the first candidates, as they are typed; the last is more than there are.
TYPED = ("31", "28", "36", "22", "45")
REASON = {
    "en": "A page was counted twice: 37, not 61.",
    "cy": "Cyfrifwyd tudalen ddwywaith: 37, nid 61.",
}
FILE: FilePayload = {
    "name": "folder.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n%%EOF\n",
}


def everything(camera: Camera) -> None:
    before_signing_in(camera)
    teacher = camera.page("user")
    papers = camera.papers(teacher)
    camera.take(teacher, "menu", teacher.locator(".series").first, beyond=ALL)
    entering(camera, teacher, papers["3700U1"])
    around_the_sheet(camera, teacher, papers)
    submitting(camera, teacher, papers["9791/01"])
    evidence(camera, teacher, papers["4543U1"])
    moderating(camera)
    officer = camera.page("admin")
    afterwards(camera, officer, papers["4543U1"])
    managing(camera, officer, papers["3700U1"])


def before_signing_in(camera: Camera) -> None:
    """What is seen before signing in."""
    page = camera.page()
    page.goto("/")
    camera.take(page, "sign-in")


def entering(camera: Camera, page: Page, paper: str) -> None:
    type_marks(page, paper)
    table = page.locator("#sheet-table")
    camera.take(page, "marksheet", table)
    page.locator("input[id^=t0-]").nth(len(TYPED)).focus()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    camera.take(page, "absent", page.locator("dialog[open]"), beyond=200)
    page.keyboard.press("Enter")


def type_marks(page: Page, paper: str) -> None:
    """Marks typed and accepted, and one refused."""
    page.goto(f"{paper}/marksheet")
    page.locator("input[id^=t0-]").first.focus()
    for text in TYPED:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator("[data-state=refused]").first).to_be_visible()
    second = page.locator("input[id^=t1-]")
    second.first.focus()
    for text in ("30", "25", "40"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(second.nth(2).locator("..")).to_have_attribute("data-state", "saved")


def around_the_sheet(camera: Camera, page: Page, papers: dict[str, str]) -> None:
    page.goto(f"{papers['9791/01']}/marksheet")
    table = page.locator("#sheet-table")
    camera.take(page, "initials", table, narrow=table.locator("thead th").last)
    page.goto(f"{papers['A720U3']}/marksheet?show=unmarked")
    head = page.locator(".sheet-head")
    # Where the screen is narrow the options are folded.
    head.locator("details.fold").first.evaluate("fold => { fold.open = true; }")
    camera.take(page, "finding", head)
    page.goto(f"{papers['A720U3']}/marks-file")
    camera.take(page, "marks-file")


def submitting(camera: Camera, page: Page, paper: str) -> None:
    page.goto(f"{paper}/submission")
    boxes = page.locator("main input[type=checkbox]")
    for place in range(boxes.count()):
        boxes.nth(place).check()
    form = page.locator("main form.narrow")
    camera.take(page, "submission", narrow=form)
    form.locator("button[type=submit]").click()
    expect(page.locator("main .alert-success").first).to_be_visible()
    camera.take(page, "receipt", narrow=page.locator("main dl.facts"))
    page.goto(f"{paper}/sample")
    camera.take(page, "sample", narrow=page.locator("main table"))
    page.goto(f"{paper}/marksheet?show=all&sort=mark&rows=all")
    page.locator("input[name=add]").first.check()
    table = page.locator("#sheet-table")
    camera.take(page, "adding", table, narrow=table.locator("thead th").last)


def evidence(camera: Camera, page: Page, paper: str) -> None:
    page.goto(f"{paper}/evidence")
    page.locator("input[type=file]").first.set_input_files(FILE)
    expect(page.locator("[id$=-files] li").first).to_contain_text(str(FILE["name"]))
    page.goto(f"{paper}/evidence")
    expect(page.locator("[data-drop]").first).to_be_visible()
    camera.take(page, "evidence", page.locator("section.evidence").first, beyond=ALL)


def moderating(camera: Camera) -> None:
    page = camera.page("appointee")
    paper = camera.papers(page)["4543U1"]
    camera.take(page, "allocations")
    page.goto(f"{paper}/moderation")
    camera.take(page, "moderating", narrow=page.locator("table.moderation tbody"))
    asking = page.locator("details").filter(has=page.locator("[name=candidate_nos]"))
    asking.locator("summary").click()
    camera.take(page, "asking", asking)
    page.goto(f"{paper}/moderator-report/edit")
    camera.take(page, "writing")
    page.goto(f"{paper}/marksheet?show=samples")
    page.locator("a[href$=clerical-error]").first.click()
    page.locator("#task-0").fill("37")
    page.locator("#reason").fill(REASON[camera.language])
    camera.take(page, "recording")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".amended").first).to_be_visible()


def afterwards(camera: Camera, page: Page, paper: str) -> None:
    page.goto(f"{paper}/clerical-errors")
    camera.take(page, "clerical-errors")
    page.goto(f"{paper}/amendments")
    camera.take(page, "amendments")
    page.goto(f"{paper}/report")
    camera.take(page, "report", narrow=page.locator(".report-table"))


def managing(camera: Camera, page: Page, paper: str) -> None:
    centre = paper.partition("/papers/")[0]
    page.goto(f"{paper}/requests")
    camera.take(page, "late-entries", page.locator("main h2").nth(1), beyond=ALL)
    page.goto(f"{centre}/users/invite")
    camera.take(page, "inviting")
    page.goto(f"{centre}/users")
    page.locator("main td a").last.click()
    camera.take(page, "access")
    page.goto(f"{centre}/progress")
    camera.take(page, "progress")
