/// How the page looks, in light and dark, on wide and narrow screens.
enum Stylesheet {
  static let markup: Markup = """

    :root { color-scheme: light dark; --page: #fbfbfa; --panel: #ffffff; --text: #1c1d1f; --faint: #5d6166;
      --line: #dcdedf; --accent: #0b62c4; --warm: #b3480a; --block: #cfe2f8; --tile: #0b62c4; --matrix: #f0f1f2;
      --keyword: #8a2a8c; --type: #0b62c4; --number: #a34300; --comment: #4f7a3a; --function: #1d6a78;
      --i0: #0b62c4; --i1: #b3480a; --i2: #2a7a2a; --i3: #9b2393; --i4: #0c7489; --i5: #b01e4e; --i6: #6a5300; --i7: #5b47c9 }
    @media (prefers-color-scheme: dark) {
      :root { --page: #17181a; --panel: #1f2124; --text: #e6e7e8; --faint: #a3a8ad; --line: #3a3d41; --accent: #6cb0ff;
        --warm: #ff9a57; --block: #24405f; --tile: #6cb0ff; --matrix: #292c30;
        --keyword: #e08ae2; --type: #7fbaff; --number: #ffab70; --comment: #93c47d; --function: #6fd0de;
        --i0: #6cb0ff; --i1: #ff9a57; --i2: #7fd07f; --i3: #ec8be6; --i4: #63d3e6; --i5: #ff8cab; --i6: #e0c14d; --i7: #b3a6ff }
    }
    * { box-sizing: border-box }
    body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
    main, footer { max-width: 1180px; margin: 0 auto; padding: 0 20px }
    h1 { font: 600 clamp(20px, 5vw, 34px)/1.3 ui-monospace, Menlo, "DejaVu Sans Mono", monospace; margin: 24px 0 6px;
      overflow-wrap: anywhere }
    h2 { font-size: 18px; margin: 0 0 8px } h3 { font-size: 15px; margin: 14px 0 4px }
    h2 small { font-weight: 400; color: var(--faint) }
    p { margin: 4px 0 8px; overflow-wrap: anywhere }
    section { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; margin: 14px 0;
      min-width: 0 }
    a { color: var(--accent); text-decoration: none } a:hover { text-decoration: underline }
    code, pre, td, .loops, .tree, .legend, .bars { font-family: ui-monospace, Menlo, "DejaVu Sans Mono", monospace; font-size: 13px }
    code { color: var(--faint); overflow-wrap: anywhere }
    small { color: var(--faint); font-size: 12px }
    .index { display: inline-block; margin-right: 14px; color: var(--faint); overflow-wrap: anywhere }
    .hint, figcaption { color: var(--faint); font-size: 13px }
    .i0 { color: var(--i0) } .i1 { color: var(--i1) } .i2 { color: var(--i2) } .i3 { color: var(--i3) }
    .i4 { color: var(--i4) } .i5 { color: var(--i5) } .i6 { color: var(--i6) } .i7 { color: var(--i7) }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px 20px }
    .figure { min-width: 0 } .figure b { display: block; font-size: 19px; overflow-wrap: anywhere } .figure span { color: var(--faint); font-size: 13px }
    table { border-collapse: collapse; width: 100% }
    th { text-align: left; font-size: 12px; color: var(--faint); font-weight: 600; white-space: nowrap }
    th, td { padding: 3px 10px 3px 0; vertical-align: top; overflow-wrap: break-word } .named { overflow-wrap: anywhere }
    .tensors { overflow-x: auto }
    .notes { margin: 0; padding-left: 20px } .notes li { overflow-wrap: anywhere }
    .tree, .tree ul { list-style: none; margin: 0; padding: 0 }
    .tree ul { padding-left: 14px; margin-left: 9px; border-left: 1px solid var(--line) } .tree ul.flat { padding-left: 0 }
    .node { display: inline-block; border: 1px solid var(--line); border-radius: 6px; padding: 2px 9px; margin: 3px 0;
      color: var(--text); background: var(--page); overflow-wrap: anywhere }
    .leaf { border-style: dashed; background: none }
    .plot { display: grid; grid-template-columns: minmax(0, 640px) minmax(0, 1fr); gap: 10px 20px; align-items: center }
    .plot > svg { width: 100%; height: auto; display: block }
    .marks { list-style: none; margin: 0; padding: 0 } .marks svg { vertical-align: -3px; margin-right: 6px }
    svg text { fill: var(--faint); font: 12px system-ui, sans-serif; paint-order: stroke; stroke: var(--panel); stroke-width: 4px;
      stroke-linejoin: round } svg .end { text-anchor: end } svg .middle { text-anchor: middle }
    .grid { stroke: var(--line) } .roof { fill: none; stroke: var(--text); stroke-width: 1.8 } svg .roof-text { fill: var(--text) }
    .predicted { fill: var(--accent) } circle.step { fill: none; stroke: var(--accent); stroke-width: 1.6 } .measured { fill: var(--warm) }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 8px 28px }
    .columns > div { min-width: 0 } .columns > div:empty { display: none }
    .columns h3 { margin-top: 0 }
    .blocks { width: 100%; max-width: 420px; height: auto } figure { margin: 6px 0 } .registers { max-width: 100% }
    .matrix { fill: var(--matrix); stroke: var(--line) } .block { fill: var(--block); stroke: var(--accent) }
    .panel { fill: var(--accent); opacity: 0.35 } .tile { fill: var(--tile) }
    .bars { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 1px 10px; align-items: center; max-width: 560px }
    .bars span { overflow-wrap: anywhere } .bars .name { grid-column: 1 / -1; margin-top: 5px }
    .bar { display: block; height: 12px; border-radius: 2px; min-width: 2px }
    .bar.predicted { background: var(--accent) } .bar.measured { background: var(--warm) } .bar.limit { background: var(--line) }
    .loops, .loops ul { list-style: none; margin: 0; padding: 0 } .loops ul { padding-left: 2ch; border-left: 1px solid var(--line) }
    .loops li { overflow-wrap: anywhere }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 8px 0 0 }
    .code { counter-reset: line }
    .line { display: block; padding-left: 4.5em; text-indent: -4.5em; scroll-margin-top: 40vh }
    .line::before { counter-increment: line; content: counter(line); display: inline-block; width: 3em; margin-right: 1.5em;
      text-align: right; text-indent: 0; color: var(--faint) }
    .line:target { background: var(--block) }
    .keyword { color: var(--keyword) } .type { color: var(--type) } .number { color: var(--number) }
    .comment { color: var(--comment) } .function { color: var(--function) }
    details { margin: 6px 0 } summary { cursor: pointer } footer { color: var(--faint); font-size: 13px; padding-bottom: 30px }
    @media (max-width: 640px) {
      main, footer { padding: 0 10px } section { padding: 12px 10px } .plot { grid-template-columns: minmax(0, 1fr) }
      td, th { padding-right: 6px } .line { padding-left: 3.4em; text-indent: -3.4em }
      .line::before { width: 2.4em; margin-right: 1em }
    }

    """
}
