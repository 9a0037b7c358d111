/** What stands in a bundle for a package that is not to be there. */

export default {};
