"""The rules, one file each; a file that is dropped in is registered, documented and tested."""
