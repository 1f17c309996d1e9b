import { connect } from 'twinsocket';

const output = document.querySelector('output');
try {
  const socket = await connect('ws://localhost:8080/echo');
  await socket.send('hello');
  for await (const message of socket) output.append(message, '\n');
} catch (error) {
  output.append(error.message);
}
