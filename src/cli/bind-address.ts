/** Does a server that is bound to this address listen at every address of the machine? */
export const isEverywhere = (bind: string): boolean => bind === '0.0.0.0' || bind === '::';
