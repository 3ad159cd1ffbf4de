import { packPackages } from './install.js';

/** Packs the packages once before the run, instead of once in each worker. */
export default packPackages;
