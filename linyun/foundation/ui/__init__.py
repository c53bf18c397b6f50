"""The UI kit: style sheet, macros, shells, and the few Python helpers with which every page answers alike."""
