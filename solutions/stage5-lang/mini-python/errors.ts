import { Builtin, type Callable, Class, Instance, type Keywords, Tuple, type Value } from './values.ts'

/** An exception of the program on its way through this interpreter. */
export class Raised {
  readonly value: Instance

  constructor(value: Instance) {
    this.value = value
  }
}

/** Each with its base; a base stands before what is made of it. */
const HIERARCHY = `BaseException
Exception BaseException
ArithmeticError Exception
ZeroDivisionError ArithmeticError
OverflowError ArithmeticError
LookupError Exception
IndexError LookupError
KeyError LookupError
NameError Exception
UnboundLocalError NameError
AttributeError Exception
TypeError Exception
ValueError Exception
AssertionError Exception
EOFError Exception
StopIteration Exception
RuntimeError Exception
RecursionError RuntimeError
NotImplementedError RuntimeError
SyntaxError Exception
IndentationError SyntaxError`

export const OBJECT = new Class('object', undefined, true)
OBJECT.make = (args, keywords, of) => begin(new Instance(of), args, keywords)
OBJECT.attributes.set(
  '__init__',
  new Builtin('__init__', ([self, ...args], keywords) => {
    if (args.length + keywords.size > 0) throw typeProblem(`${(self as Instance).of.name}() takes no arguments`)
    return null
  }),
)

function begin(made: Instance, args: Value[], keywords: Keywords): Instance {
  const init = made.of.find('__init__') as Callable
  init.call([made, ...args], keywords)
  return made
}

export const EXCEPTIONS = new Map<string, Class>()
for (const line of HIERARCHY.split('\n')) {
  const [name = '', base = ''] = line.split(' ')
  EXCEPTIONS.set(name, new Class(name, EXCEPTIONS.get(base) ?? OBJECT, true))
}

export const EXCEPTION = EXCEPTIONS.get('BaseException') as Class
const keepArguments = (self: Instance, args: Value[]) => self.attributes.set('args', new Tuple(args))
EXCEPTION.attributes.set(
  '__init__',
  new Builtin('__init__', ([self, ...args]) => {
    keepArguments(self as Instance, args)
    return null
  }),
)
// The arguments are kept even if a class of the program has an __init__ of its own that does not care for them.
for (const type of EXCEPTIONS.values()) {
  type.make = (args, keywords, of) => {
    const made = new Instance(of)
    keepArguments(made, args)
    return begin(made, args, keywords)
  }
}

/** An error of the language itself, to be thrown. */
export function problem(name: string, message: string): Raised {
  return new Raised((EXCEPTIONS.get(name) as Class).call([message]) as Instance)
}

export const typeProblem = (message: string): Raised => problem('TypeError', message)
export const valueProblem = (message: string): Raised => problem('ValueError', message)

/** What went wrong as an exception of the program: when the stack of this interpreter is full, the program's is too. */
export function asRaised(error: unknown): Raised {
  if (error instanceof Raised) return error
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return problem('RecursionError', 'maximum recursion depth exceeded')
  }
  throw error
}
