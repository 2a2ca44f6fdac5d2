"""What the user can do: one module per noun, on the main thread; ``Studio`` gathers them for the window and the terminal.

===================  =======================================================================
``studio``           ``Studio``: the library, the voices and the jobs, and every noun below
``projects``         projects and folders: make, rename, move, trash
``importing``        files, text and bundles into the library; ``fetching``: a page of the web
``sample``           a first project to look at
``documents``        what kind they are taken for, reading one again
``scripts``          writing, editing, settings, the source of a script
``versions``         what a script was before: the list, the difference, taking one back
``rewriting``        writing a script again without losing an edit
``checking``         what a model may have made up
``lexicons``         how words are said, for the user and for a project
``planning``         what a render would do, and the state of each line
``rendering``        the render; ``render_requests`` ``outcomes`` ``line_results`` what goes in and comes back
``hearing``          one line, one voice; ``play_along``: a render while it runs
``describing``       what a line will send
``spending``         how much a render may cost without asking, and what was paid
``microphone``       takes that somebody speaks; restores those that were cut short
``recordings``       takes: star, note, rename, trash, their audio and peaks
``exporting``        a take as a file, a recording, folder or project as a bundle
``calibrations``     samples measured, scripts spoken at their pace
``catalogue``        every voice, favourites, defaults, downloads
``keys``             keys of cloud voices, models, addresses, caps
``measuring``        how this machine speaks fastest with each engine
``connections``      accounts at remote services: the key tried, then kept in the keyring
``publishing``       what is to be sent there, checked first and kept in the outbox; ``originals``
``syncing``          push, pull, conflicts, audio: the library and the services in step
``unsettled``        what waits, failed or is in conflict, and what can be done about it
===================  =======================================================================

Values in, values out; in any thread, and most of it for the terminal too:

===================  =======================================================================
``writing``          from a source to a script
``production``       from a script to a finished file; ``converting``: a take as another kind
``bundles``          rows and files as a bundle; ``restoring``: a bundle as rows and files
``adopting``         audio files into the media folder
``downloading``      voices from their makers' pages
``looking``          what is at a service: lists, single items, samples, files
``asking``           what an account has used, how an item is shared
``wording``          scripts and settings in the words of the services
``listing``          the library as JSON; ``naming``: what a person names in the terminal
``doctor``           what works on this machine and what to install
``wholeness``        is the audio of a recording still what it was?
===================  =======================================================================
"""
