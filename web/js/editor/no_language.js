// Stands in for @codemirror/language and @lezer/common in the bundle. The commands import that
// framework for parsers; the editor has no parser, its colours are its own (language.js). Of what
// the commands in use ask for, only the width of an indentation has an answer without a parser.

/** Backspace in the indentation of a line removes up to this many spaces, CodeMirror's default. */
export const getIndentUnit = () => 2;

// Imported by commands that are not bundled, so that they must have names here.
export const IndentContext = undefined;
export const NodeProp = undefined;
export const getIndentation = undefined;
export const indentString = undefined;
export const indentUnit = undefined;
export const matchBrackets = undefined;
export const syntaxTree = undefined;
