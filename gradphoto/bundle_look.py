"""How the page inside a bundle looks: one sheet of styles, on a screen, in the dark, and on A4 paper.

What stands on the page belongs to `gradphoto.bundle_page`.
"""

STYLES = """
:root { color-scheme: light dark; --ink: #16202b; --paper: #fff; --card: #f3f5f8; --line: #c3cbd5;
  --quiet: #55606d; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf1; --paper: #14181d; --card: #1f262d; --line: #46515c; --quiet: #a9b4c0; --link: #8ec1ff; }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
body { margin: 0 auto; padding: 1.2rem; max-width: 76rem; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
p { margin: .3rem 0; }
a { color: var(--link); }
.quiet { color: var(--quiet); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: .9rem 0; padding: 0; list-style: none; }
.counts li { padding: .3rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: .3rem; }
.counts b { font-size: 1.25rem; margin-left: .3rem; font-variant-numeric: tabular-nums; }
.photos { display: grid; gap: .7rem; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); margin: 0;
  padding: 0; list-style: none; }
figure { margin: 0; height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: .3rem;
  overflow: hidden; }
img { display: block; width: 100%; height: auto; aspect-ratio: 3 / 4; }
figcaption { padding: .25rem .45rem .35rem; line-height: 1.35; overflow-wrap: anywhere; }
figcaption b { display: block; }
figcaption span { font-size: .8rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .25rem .55rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: var(--card); white-space: nowrap; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
@page { size: A4; margin: 14mm 12mm; }
@media print {
  :root { color-scheme: only light; --ink: #000; --paper: #fff; --card: #fff; --line: #888; --quiet: #333;
    --link: #000; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  a { text-decoration: none; }
  h2 { break-after: avoid; }
  .photos { display: block; font-size: 0; }
  .photos li { display: inline-block; width: 14.28%; padding: 0 1mm 2.4mm; vertical-align: top;
    break-inside: avoid; font-size: 8pt; }
  figure { border-radius: 0; height: auto; }
  figcaption { padding: .6mm 1mm; min-height: 12mm; }
  figcaption span { font-size: 6.6pt; overflow-wrap: normal; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
""".strip()
