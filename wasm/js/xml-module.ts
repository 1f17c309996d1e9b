import { TwinsocketError } from './errors.js';
import { twinsocketXmlFile } from './module-files.js';
import type { ModuleCode } from './module-code.js';
import { ModuleInstance, type TransferExports, toError } from './module-instance.js';
import { ModuleLoader } from './module-loader.js';

/** Exports of xml_abi.cpp. The result is the size of what is in the transfer buffer; negative for an error. */
interface Exports extends TransferExports {
  twinsocket_xml_read(): number;
  twinsocket_xml_write(): number;
}

/** The parser and the writer of XML: the JavaScript side of xml_abi.cpp. */
class XmlModule extends ModuleInstance<Exports> {
  static start(module: ModuleCode): Promise<XmlModule> {
    return new XmlModule().instantiate(module, {});
  }

  /** Parses a document into the JSON tree of xml_bridge.hpp. Throws `malformed` and the like. */
  read(document: string): string {
    return this.convert(document, this.exports.twinsocket_xml_read);
  }
  /** Writes the document for a sequence of tokens (XmlWriter). */
  write(tokens: string): string {
    return this.convert(tokens, this.exports.twinsocket_xml_write);
  }

  private convert(input: string, work: () => number): string {
    this.put(input);
    const size = work();
    const output = this.take(Math.abs(size));
    if (size < 0) throw toError(output);
    return output;
  }
}

let shared: ModuleLoader<XmlModule> | undefined;

/** The loader that all codecs share. It is created here, so that a bundler can leave it out. */
export function xmlLoader(): ModuleLoader<XmlModule> {
  return (shared ??= new ModuleLoader(twinsocketXmlFile, (module) => XmlModule.start(module)));
}

/** Returns the module. Throws `unsupported` while it is not loaded. */
export function xmlModule(): XmlModule {
  const { loaded } = xmlLoader();
  if (loaded) return loaded;
  throw new TwinsocketError('unsupported', 'the WebAssembly module for XML is not loaded yet: await initXml() first');
}
