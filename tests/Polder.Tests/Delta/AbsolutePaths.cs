using System;
using System.IO;
using System.Threading;

namespace Polder.Tests.Delta;

/// <summary>Some tables name their files by a path under /tmp/polder-corpus: a link, where it is free.</summary>
internal sealed class AbsolutePaths : IDisposable
{
    private const string Link = "/tmp/polder-corpus";

    private static readonly Lock Shared = new();
    private static int _users;
    private static bool _isOurs;

    public AbsolutePaths()
    {
        lock (Shared)
        {
            if (_users == 0 && !Directory.Exists(Link) && !OperatingSystem.IsWindows())
            {
                // What a killed run has left may point to a corpus that is gone.
                File.Delete(Link);
                Directory.CreateSymbolicLink(Link, Corpus.Path("corpus"));
                _isOurs = true;
            }

            _users++;
        }
    }

    public void Dispose()
    {
        lock (Shared)
        {
            if (--_users == 0 && _isOurs)
            {
                Directory.Delete(Link);
                _isOurs = false;
            }
        }
    }
}
