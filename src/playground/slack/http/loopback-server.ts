import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP server on 127.0.0.1 that can stop and return on the same port. */
export class LoopbackServer {
  readonly server: Server = createServer();
  #port = 0;

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(handler: Handler): Promise<void> {
    this.server.on('request', (request, response) => {
      // A request that is cut off halfway needs no answer.
      handler(request, response).catch(() => response.destroy());
    });
    await this.#listen();
  }

  async stopListening(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  async listenAgain(): Promise<void> {
    if (!this.server.listening) await this.#listen();
  }

  close(): Promise<void> {
    return this.stopListening();
  }

  async #listen(): Promise<void> {
    this.server.listen(this.#port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }
}
