/** The report's style sheet. Sizes in px, spacing in steps of 4; light, dark, and always light on paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light;
  --surface: #f7f7f4; --panel: #ffffff; --line: #e3e3dd; --text: #1c2024; --quiet: #60666d; --chip: #eeeee9;
  --small: #0072b2; --large: #d55e00; --hybrid: #009e73;
  --small-text: #00639b; --large-text: #ad4c00; --hybrid-text: #007554; --warning: #8f5f00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --surface: #121518; --panel: #191d21; --line: #2a2f35; --text: #e8eaed; --quiet: #9aa3ad; --chip: #252b31;
    --small: #56b4e9; --large: #ff8a4c; --hybrid: #2fc79a;
    --small-text: #56b4e9; --large-text: #ff8a4c; --hybrid-text: #2fc79a; --warning: #f0b64a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--surface); color: var(--text); overflow-wrap: anywhere;
  font: 400 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 840px; margin: 0 auto; padding: 32px 24px 48px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; }
h1 { font-size: 20px; line-height: 1.25; font-weight: 650; margin: 0; text-wrap: balance; }
h1 span { white-space: nowrap; }
h2 { font-size: 14px; line-height: 1.3; font-weight: 650; margin: 0 0 8px; }
h3 { font-size: 13px; font-weight: 650; margin: 16px 0 2px; }
.passage:first-of-type h3 { margin-top: 0; }
p { margin: 0 0 8px; max-width: 640px; text-wrap: pretty; }
p:last-child { margin-bottom: 0; }
.brand { display: flex; align-items: center; gap: 8px; margin: 0 0 4px; color: var(--quiet); font-size: 11.5px; }
.brand svg { width: 18px; height: 14px; flex: none; }
.quiet { color: var(--quiet); }
.note, figcaption, .foot { color: var(--quiet); font-size: 11.5px; }
section, figure { margin: 0; min-width: 0; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 16px 20px; }
p.foot, .answer p { max-width: none; }
.question { margin-bottom: 6px; color: var(--quiet); font-size: 13px; font-weight: 500; }
.compared { table-layout: fixed; min-width: 480px; } .compared th:first-child { width: 26%; }
.compared .interval { white-space: normal; } .compared.three td { padding-left: 10px; }
.compared thead tr + tr th:first-child { padding-left: 14px; text-align: right; width: auto; }
.verdict { font-size: 16px; line-height: 1.45; margin-bottom: 10px; max-width: none; }
.verdict b { font-weight: 650; }
.small { color: var(--small-text); } .large { color: var(--large-text); } .hybrid { color: var(--hybrid-text); }
.readouts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 16px 24px; margin: 16px 0 0; padding: 14px 0 0; border-top: 1px solid var(--line); }
.readouts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.readouts dt { color: var(--quiet); font-size: 11.5px; line-height: 1.35; }
.readouts dd { margin: 0; font-size: 22px; line-height: 1.25; font-weight: 650; }
.readouts dd span { font-size: 12px; font-weight: 400; color: var(--quiet); margin-left: 3px; }
.chart { display: block; width: 100%; height: auto; margin: 4px 0 8px; overflow: visible; }
.chart text { font-size: 11.5px; fill: var(--quiet); unicode-bidi: isolate; }
.chart .name { font-weight: 600; }
.chart .small { fill: var(--small-text); } .chart .large { fill: var(--large-text); } .chart .hybrid { fill: var(--hybrid-text); }
.chart .grid line { stroke: var(--line); stroke-width: 1; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 12px; line-height: 1.4; }
caption { text-align: left; padding: 0 0 6px; color: var(--quiet); font-size: 11.5px; }
th, td { padding: 5px 0 5px 14px; text-align: right; vertical-align: baseline; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--quiet); font-weight: 400; font-size: 11.5px; vertical-align: bottom; }
thead th[scope="colgroup"] { border-bottom: 0; padding-bottom: 0; color: var(--text); }
tbody th { font-weight: 400; }
tr.chosen > * { font-weight: 650; }
table + table, .wide + .wide, .wide + p, .wide + h3, ul + h3 { margin-top: 20px; }
.facts th, .facts td { text-align: left; overflow-wrap: anywhere; }
.facts tbody th { color: var(--quiet); width: 92px; }
.facts.two thead th { font-weight: 650; font-size: 13px; } .facts.two thead .small { color: var(--small-text); } .facts.two thead .large { color: var(--large-text); }
.facts.hashes th { width: 216px; }
.facts.two td { width: calc(50% - 46px); }
.facts.devices th:first-child { width: 40%; } .facts.devices td { width: 30%; }
.intervals td { white-space: nowrap; }
.rests { list-style: none; margin: 0; padding: 0; }
.rests li { display: grid; grid-template-columns: 16px 148px minmax(0, 1fr); gap: 0 8px; padding: 6px 0; border-bottom: 1px solid var(--line); }
.rests li:last-child { border-bottom: 0; padding-bottom: 0; }
.rests .sign { color: var(--quiet); }
.rest-note { color: var(--quiet); } .rest-note .short { color: var(--text); }
.rests .rest-warning .sign, .rests .rest-warning .short { color: var(--warning); }
.rests .short { font-weight: 600; }
.origin { display: inline-block; background: var(--chip); border-radius: 999px; padding: 0 8px; font-size: 11.5px; line-height: 18px; white-space: nowrap; color: var(--text); }
.formula { font: 400 13px/1.6 "STIX Two Math", "Cambria Math", "Times New Roman", serif; font-size: 14px; background: var(--surface); border-radius: 6px; padding: 6px 12px; margin: 0 0 8px; white-space: pre-wrap; max-width: none; }
.formula sub, .formula sup { font-size: 0.75em; line-height: 0; }
pre { margin: 0 0 8px; padding: 10px 12px; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre span { white-space: nowrap; }
pre, .hash { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11.5px; }
a.from { color: inherit; text-decoration: none; }
:is(p, li, figcaption, dt, h2) a.from { text-decoration: underline dotted; text-decoration-color: var(--quiet); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a.from:hover, a.from:focus-visible { text-decoration: underline solid; text-underline-offset: 2px; }
a { color: inherit; text-underline-offset: 2px; }
:target { background: var(--chip); outline: 4px solid var(--chip); border-radius: 2px; }
.of-cells:target { background: none; outline: none; }
.interval { color: var(--quiet); font-size: 11px; font-weight: 400; white-space: nowrap; }
.cells td:last-child { text-align: left; overflow-wrap: anywhere; }
ul.plain { margin: 0; padding: 0; list-style: none; }
ul.plain li { padding: 2px 0; }
@media (max-width: 620px) {
  main { padding: 16px 12px 32px; } .panel { padding: 14px; }
  .rests li { grid-template-columns: 16px minmax(0, 1fr); } .rests .message { grid-column: 2; }
}
@media print {
  :root { --surface: #ffffff; }
  html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { font-size: 12.5px; }
  main { display: block; max-width: none; padding: 0; }
  .panel { border: 0; border-radius: 0; border-top: 1px solid var(--line); padding: 12px 0; }
  .panel.answer { border-top: 0; }
  .formula, pre { background: #f7f7f4; border: 0; }
  .wide { overflow: visible; }
  a, :is(p, li, figcaption, dt, h2) a.from { text-decoration: none; }
  .chart { max-width: 450px; } .chart text { font-size: 13px; }
  h1 { font-size: 18px; }
  /* Spaces where a heading wraps: bookmarks are made of its lines. */
  h1, h2, h3 { white-space: pre-wrap; text-wrap: wrap; }
  th, td { padding-top: 3.5px; padding-bottom: 3.5px; }
  h2, h3, caption, thead, .leads { break-after: avoid; }
  .long .facts { break-inside: auto; }
  figure, .answer, .head, .passage:not(.long), .keep, :not(.long) > .keep > .facts:not(.two), .hashes, tr, li, pre, p, caption { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;

/** The colours of several systems, from Okabe and Ito's, by their order; a letter stands beside each. */
export const SYSTEMS_STYLE = `
:root { --system-0: #56b4e9; --system-1: #e69f00; --system-2: #009e73; --system-3: #cc79a7; --system-4: #d55e00; --system-5: #f0e442; --system-6: #0072b2; --system-7: #b8c2cc; }
.chart .letter { fill: #1c2024; font-weight: 600; }
`;

/** How a browser prints the report. A report made for one paper leaves its margins and page numbers to the printer. */
export const PAGE_STYLE = `
@page { size: A4; margin: 15mm 14mm 17mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #60666d; } }
`;
