// Settings that the Emscripten program reads at start: its arguments and where its output goes.

const lines = [];
window.Module = {
  arguments: new URL(location.href).searchParams.getAll('argument'),
  print: (line) => lines.push(line),
  onExit: (code) => {
    window.ended = { code, lines };
  },
};
