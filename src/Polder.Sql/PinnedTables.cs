using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Sql.Tables;

namespace Polder.Sql;

/// <summary>
/// One version of each table: the newest when a statement first asks for it, or the one asked for here. Statements of
/// one session that share an instance read the same versions, so that their answers agree. Thread-safe.
/// </summary>
public sealed class PinnedTables
{
    private readonly Dictionary<(OpenTable Table, TimePoint? Point), Task<TableState>> _states = [];
    private readonly SortedDictionary<string, TableVersion> _versions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TimePoint> _points;
    private readonly Lock _lock = new();

    /// <summary>Pins nothing yet.</summary>
    /// <param name="points">
    /// Where tables are read at that a statement names without VERSION or TIMESTAMP AS OF: by the name as written, or
    /// its last part, without case.
    /// </param>
    public PinnedTables(IReadOnlyDictionary<string, TimePoint>? points = null)
    {
        _points = new(points ?? new Dictionary<string, TimePoint>(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The tables that were asked for so far, by name.</summary>
    public IReadOnlyList<TableVersion> Versions
    {
        get
        {
            lock (_lock)
            {
                return [.. _versions.Values];
            }
        }
    }

    /// <summary>Where a table is read that says nothing itself.</summary>
    internal TimePoint? PointOf(IReadOnlyList<string> name) =>
        _points.TryGetValue(string.Join('.', name), out TimePoint? point) ||
        _points.TryGetValue(name[^1], out point) ? point : null;

    /// <summary>A table at a point, or at the version that is the newest at first.</summary>
    internal async Task<TableState> PinAsync(OpenTable table, TimePoint? point, CancellationToken cancellationToken)
    {
        Task<TableState>? loading;
        lock (_lock)
        {
            if (!_states.TryGetValue((table, point), out loading) || loading.IsCanceled)
            {
                loading = point is null
                    ? table.LoadLatestAsync(cancellationToken)
                    : table.LoadAsync(point, cancellationToken);
                _states[(table, point)] = loading;
            }
        }

        return await loading.ConfigureAwait(false);
    }

    /// <summary>Notes what a name was found to be.</summary>
    internal void Note(TableVersion version)
    {
        lock (_lock)
        {
            _versions[$"{version.Name}@{version.Version:D19}"] = version;
        }
    }
}

/// <summary>A table as a statement reads it.</summary>
/// <param name="Name">Its name as the statement has it, parts joined by dots; of delta.`path` the path.</param>
/// <param name="Location">Its folder or URL.</param>
/// <param name="Version">The version that is read.</param>
/// <param name="Timestamp">When that version was committed.</param>
public sealed record TableVersion(string Name, string Location, long Version, DateTimeOffset Timestamp)
{
    /// <summary>
    /// Equal for two versions of which is known that they hold the same rows and columns, never for others.
    /// </summary>
    public required string ContentKey { get; init; }

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"{Name} v{Version}");
}
