#include "echo_page.hpp"

namespace twinsocket::app {

const std::string_view echo_page = R"(<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>twinsocket echo</title>
  <script type="module" src="echo_display.js"></script>
</head>
<body>
  <h1>Echo</h1>
  <form>
    <label for="text">Text to send</label>
    <input id="text" value="Hello" autocomplete="off">
    <button disabled>Send</button>
  </form>
  <p id="state" role="status">connecting</p>
  <ol id="log" role="log" aria-label="What came back"></ol>
</body>
</html>
)";

const std::string_view echo_script = R"(const form = document.querySelector('form');
const input = document.querySelector('#text');
const state = document.querySelector('#state');
const log = document.querySelector('#log');

const address = new URL('echo', location.href);
address.protocol = location.protocol.replace('http', 'ws');
const socket = new WebSocket(address);

function setOpen(open, text) {
  form.querySelector('button').disabled = !open;
  state.textContent = text;
}
socket.onopen = () => setOpen(true, `open: ${address}`);
socket.onclose = ({ code, reason }) => setOpen(false, `closed: ${code} ${reason}`);
socket.onmessage = ({ data }) => {
  const line = document.createElement('li');
  line.textContent = data;
  log.append(line);
};
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (socket.readyState === WebSocket.OPEN) socket.send(input.value);
});
)";

}  // namespace twinsocket::app
