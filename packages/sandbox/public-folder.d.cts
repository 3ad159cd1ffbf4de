/** The folder that contains the sandbox's pages, with a trailing slash. */
declare const publicFolder: string;
export = publicFolder;
