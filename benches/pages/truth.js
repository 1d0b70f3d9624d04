// Collects the visible text of a page, a segment at a time, with its box in CSS pixels.
//
// A segment is one visual line of one block: the line of a table cell, the line of a paragraph, one item of a flex row.
// Runs that stand further apart than the gap of two words are two segments. What stands under `.ignore` (stamps, signatures)
// is told apart, so that reading it is neither praised nor punished.
(() => {
  const RAISED = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "-": "⁻", "+": "⁺" };
  const block = (element) => {
    while (getComputedStyle(element).display === "inline") element = element.parentElement;
    return element;
  };
  const segments = [];
  let open = null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element.closest("script, style") || getComputedStyle(element).visibility !== "visible") continue;
    const [home, raised] = [block(element), element.closest("sup") !== null];
    const range = document.createRange();
    const size = parseFloat(getComputedStyle(home).fontSize);
    let at = 0;
    for (const character of node.data) {
      range.setStart(node, at);
      range.setEnd(node, (at += character.length));
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
      if (!rects.length) continue;
      const box = rects[rects.length - 1];
      if (/\s/.test(character)) {
        if (open && open.home === home) open.space = true;
        continue;
      }
      const near = open && open.home === home && box.left > open.right - size * 0.5 && box.left - open.right < size * 1.6
        && Math.min(box.bottom, open.bottom) - Math.max(box.top, open.top) > 0.3 * Math.min(box.height, open.bottom - open.top);
      if (!near) {
        open = { home, text: "", left: box.left, right: box.right, top: box.top, bottom: box.bottom, space: false,
          edges: [], ignore: element.closest(".ignore") !== null };
        segments.push(open);
      }
      open.text += (open.space && open.text ? " " : "") + (raised ? RAISED[character] || character : character);
      open.space = false;
      open.right = Math.max(open.right, box.right);
      if (!raised) [open.top, open.bottom] = [Math.min(open.top, box.top), Math.max(open.bottom, box.bottom)];
    }
  }
  // A client rect has the height of the font's own line; the ink of Latin and Chinese letters stays within its inner part.
  const rows = segments.map(({ text, left, right, top, bottom, ignore }) => {
    const cut = (bottom - top) * 0.12;
    return { text, left, right, top: top + cut, bottom: bottom - cut, ignore };
  });
  document.documentElement.setAttribute("data-truth", encodeURIComponent(JSON.stringify(rows)));
})();
