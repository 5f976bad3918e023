import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What receiving alone costs: as many UDP sockets as asked for, whose packets are counted and forgotten. */
const sockets = Array.from({ length: Number(process.argv[2]) }, () => createSocket("udp4"));
let packets = 0;
const ports: number[] = [];
for (const socket of sockets) {
  socket.on("message", () => {
    packets += 1;
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  ports.push(socket.address().port);
}
console.log(JSON.stringify(ports));
process.once("SIGTERM", () => {
  console.log(packets);
  process.exit(0);
});
