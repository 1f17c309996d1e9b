// Platform types in the package's declarations: those of your program's `lib`. If that has none, as in a program for Node
// without @types/node, minimal replacements. In the entry point without WebAssembly build.mjs replaces the code of this file by
// platform.javascript.ts.

type Platform = typeof globalThis;

export type PlatformUrl = Platform extends { URL: { prototype: infer T } } ? T : { readonly href: string };

export type PlatformAbortSignal = Platform extends { AbortSignal: { prototype: infer T } }
  ? T
  : {
      readonly aborted: boolean;
      readonly reason?: unknown;
      addEventListener(type: 'abort', listener: () => void): void;
      removeEventListener(type: 'abort', listener: () => void): void;
    };

export type PlatformResponse = Platform extends { Response: { prototype: infer T } }
  ? T
  : { readonly ok: boolean; readonly url: string; arrayBuffer(): Promise<ArrayBuffer> };

export type PlatformModule = Platform extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

/** Source of a WebAssembly module: a URL, a `fetch` response, the bytes, or the compiled module. */
export type ModuleSource = string | PlatformUrl | PlatformResponse | ArrayBuffer | ArrayBufferView | PlatformModule;

export type PlatformEventTarget = Platform extends { EventTarget: { prototype: infer T } }
  ? T
  : {
      addEventListener(type: string, listener: (event: { readonly type: string }) => void): void;
      removeEventListener(type: string, listener: (event: { readonly type: string }) => void): void;
    };

/**
 * Base class of ReconnectingConnection. The package can be imported where there is no EventTarget, for instance while pages are
 * rendered on a server.
 */
export const EventTargetBase = (globalThis.EventTarget ?? Object) as new () => PlatformEventTarget;

/** @internal */
export const createEvent = (type: string): Event => new Event(type);
