import { Order, connect, json, xml } from 'shop-messages';

const form = document.querySelector('form')!;
const output = document.querySelector('output')!;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = new FormData(form);
  const text = (name: string) => String(said.get(name));
  try {
    const codec = text('format') === 'xml' ? xml(Order) : json(Order);
    const socket = await connect<Order>('orders', { codec, subprotocols: [`order.${text('format')}`] });
    await socket.send({ id: 0n, buyer: { name: text('buyer') }, by: 'post', books: [text('book')], notes: {} });
    const order = await socket.receive();
    await socket.close();
    output.textContent = `Order ${order.id}: ${order.books.join(', ')} for ${order.buyer.name}, by ${order.by}`;
  } catch (error) {
    output.textContent = error instanceof Error ? error.message : String(error);
  }
});
