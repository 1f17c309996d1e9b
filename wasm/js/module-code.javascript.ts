// The modules of the package compiled to JavaScript: for platforms without WebAssembly, and where a policy forbids it.

/** Creates an instance and returns what it exports. wasm2js.mjs writes such functions. */
export type ModuleCode = (imports: ModuleImports) => unknown;

export type ModuleFile = () => ModuleCode | Promise<ModuleCode>;

export type ModuleImports = Record<string, (...numbers: number[]) => unknown>;

/** A source of a WebAssembly module is ignored: there is only the package's own code. */
export async function compile(own: ModuleFile): Promise<ModuleCode> {
  return own();
}

export async function instantiate(code: ModuleCode, functions: ModuleImports): Promise<unknown> {
  const nothing = (): undefined => undefined;
  return code({ ...functions, emscripten_notify_memory_growth: nothing, proc_exit: nothing });
}
