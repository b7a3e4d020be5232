/** One way to reach a limit: runs up to the bound and one past it, and throws unless the site answers as the table says. */
export type Scenario = () => Promise<void>;
