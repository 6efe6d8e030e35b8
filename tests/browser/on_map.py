"""What a reader sees and does on the map; the tests stay sentences."""

from __future__ import annotations

SETTLED_MS = 450  # longer than Leaflet's animations, after which positions stand still


def path_of(page, code):
    """Return the outline of a district."""
    return page.locator(f'path.ka-district[data-code="{code}"]')


def row_of(page, code):
    """Return the table's row of a district."""
    return page.locator(f'.ka-table tr[data-code="{code}"]')


def chosen(page):
    """Return what the four linked parts say is chosen: panel, pressed paths, selected rows, and an outline drawn."""
    return {
        "panel": page.locator(".ka-panel").get_attribute("data-code"),
        "paths": _codes(page, 'path.ka-district[aria-pressed="true"]'),
        "rows": _codes(page, '.ka-table tr[aria-selected="true"]'),
        "outlines": page.locator("path.ka-outline").count(),
    }


def all_linked(code):
    """Return what `chosen` must be when a district is chosen everywhere."""
    return {"panel": code, "paths": [code], "rows": [code], "outlines": 1}


def _codes(page, selector):
    return page.locator(selector).evaluate_all("found => found.map((one) => one.dataset.code)")


def click_on_map(page, code):
    """Click where the district's name stands: its label point always lies inside it."""
    box = page.locator(f'.ka-label[data-label="{code}"]').bounding_box()
    page.mouse.click(box["x"], box["y"])


def fills(page):
    """Return the colour of every district by code."""
    return page.locator("path.ka-district").evaluate_all(
        'found => Object.fromEntries(found.map((one) => [one.dataset.code, one.getAttribute("fill")]))'
    )


def choose_indicator(page, name):
    """Switch the indicator and wait until the server has put it into the address."""
    page.locator("select[name=indicator]").select_option(name)
    page.wait_for_url(f"**indicator={name}*")


def zoom_and_pan(page):
    """Zoom in twice and drag the map, as a reader does, and wait until it stands still."""
    for _ in range(2):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(SETTLED_MS)
    box = page.locator(".ka-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=5)
    page.mouse.up()
    page.wait_for_timeout(SETTLED_MS)


def places_on_screen(page):
    """Return where every district lies inside the map, to a tenth of a pixel: zoom and pan in numbers."""
    return page.evaluate(
        """() => {
          const map = document.querySelector(".ka-map").getBoundingClientRect();
          return [...document.querySelectorAll("path.ka-district")].map((path) => {
            const box = path.getBoundingClientRect();
            return [path.dataset.code, ...[box.x - map.x, box.y - map.y, box.width, box.height].map((n) => n.toFixed(1))];
          });
        }"""
    )


def remember_nodes(page):
    """Keep hold of the map's nodes, to see later whether they are the very same."""
    page.evaluate('globalThis.kept = [...document.querySelectorAll(".ka-map, path.ka-district")]')


def same_nodes(page):
    """Say whether the nodes kept hold of are still the map."""
    return page.evaluate(
        """() => {
          const now = [...document.querySelectorAll(".ka-map, path.ka-district")];
          return now.length === globalThis.kept.length && now.every((node, i) => node === globalThis.kept[i]);
        }"""
    )
