using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using Polder.Sql;

namespace Polder.Server.Live;

/// <summary>How far a table's log had got: a log that was replaced is another generation.</summary>
internal readonly record struct TailPoint(int Generation, long Version);

/// <summary>
/// Follows the logs of tables by asking whether the next commit is there, which costs no watcher and no listing, and
/// works on every file system. Thread-safe.
/// </summary>
internal sealed class TableTail
{
    private readonly Dictionary<string, TailPoint> _points = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How far the log of a table is now.</summary>
    /// <param name="table">A version of it, where following begins.</param>
    public TailPoint Advance(TableVersion table)
    {
        lock (_lock)
        {
            return _points[table.Location] = Advanced(
                table.Location,
                _points.TryGetValue(table.Location, out TailPoint known) ? known : new TailPoint(0, table.Version));
        }
    }

    /// <summary>Forgets the tables that nobody reads.</summary>
    public void Keep(IReadOnlySet<string> locations)
    {
        lock (_lock)
        {
            foreach (string location in new List<string>(_points.Keys))
            {
                if (!locations.Contains(location))
                {
                    _points.Remove(location);
                }
            }
        }
    }

    private static TailPoint Advanced(string location, TailPoint point)
    {
        if (point.Version >= 0 && !HasCommit(location, point.Version))
        {
            // The newest commit is never cleaned up: the table was deleted, or begins anew.
            point = new TailPoint(point.Generation + 1, -1);
        }

        while (HasCommit(location, point.Version + 1))
        {
            point = point with { Version = point.Version + 1 };
        }

        return point;
    }

    private static bool HasCommit(string location, long version) => File.Exists(Path.Combine(
        location, "_delta_log", version.ToString("D20", CultureInfo.InvariantCulture) + ".json"));
}
