// What Emscripten's program reads before it starts: its arguments, and where its lines go.

const lines = [];
window.Module = {
  arguments: new URL(location.href).searchParams.getAll('argument'),
  print: (line) => lines.push(line),
  onExit: (code) => {
    window.ended = { code, lines };
  },
};
