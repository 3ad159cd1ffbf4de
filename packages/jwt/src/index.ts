export type { AsymmetricAlgorithm, SymmetricAlgorithm } from './algorithm.js';
export { type ClaimNames, type JwtContact, jwtContact } from './contact.js';
export { JwtSessionError, type JwtSessionErrorCode } from './error.js';
export type { KeySource } from './key.js';
export type { RequestLike } from './request.js';
export { type JwtSession, type JwtSessionOptions, jwtSession } from './session.js';
