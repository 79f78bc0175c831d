using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Execution;
using Polder.Expressions;
using Polder.Sql.Parsing;
using Polder.Storage;
using Polder.Storage.Wrappers;

namespace Polder.Sql.Tables;

/// <summary>
/// Finds what table names stand for. As in Spark's own warehouse, <c>default</c> is the warehouse itself, and names
/// are compared without case: a folder has the name as written, or in lower case.
/// </summary>
internal sealed class TableCatalog
{
    private const string Catalog = "spark_catalog";
    private const string DefaultFolder = "default";

    private readonly Engine _engine;
    private readonly string? _path;
    private readonly IObjectStore? _store;
    private readonly ConcurrentDictionary<string, IBatchSource> _registered = new(StringComparer.OrdinalIgnoreCase);

    public TableCatalog(Engine engine, SqlSessionOptions options)
    {
        _engine = engine;
        _store = options.Warehouse;
        _path = options.WarehousePath;
    }

    /// <summary>Gives rows a name.</summary>
    public void Register(string name, IBatchSource source) => _registered[name] = source;

    /// <summary>What each name stands for; null where nothing does. One table at one version is one snapshot.</summary>
    public async Task<IReadOnlyDictionary<TableSyntax, ResolvedTable?>> ResolveAsync(
        IReadOnlyList<TableSyntax> names, CancellationToken cancellationToken)
    {
        Dictionary<TableSyntax, ResolvedTable?> resolved = new(ReferenceEqualityComparer.Instance);
        Dictionary<string, ResolvedTable?> pinned = [];
        foreach (TableSyntax name in names)
        {
            TimePoint? point = TimePoint.Of(name.Travel);
            string key = string.Join('\0', name.Name) + '\0' + point;
            if (!pinned.TryGetValue(key, out ResolvedTable? table))
            {
                table = await FindAsync(name, point, cancellationToken).ConfigureAwait(false);
                pinned.Add(key, table);
            }

            resolved.Add(name, table);
        }

        return resolved;
    }

    private async Task<ResolvedTable?> FindAsync(
        TableSyntax name, TimePoint? point, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> parts = name.Name;
        if (parts.Count == 1 && _registered.TryGetValue(parts[0], out IBatchSource? source))
        {
            return point is null
                ? new RegisteredTable(source) { Qualifier = [parts[0]] }
                : throw QueryException.NotYet("time travel of rows in memory", name.Span);
        }

        if (parts.Count == 2 && string.Equals(parts[0], "delta", StringComparison.OrdinalIgnoreCase))
        {
            DeltaTable? table = await OpenAsync(parts[1], cancellationToken).ConfigureAwait(false);
            return table is null ? throw PathNotFound(parts[1], name.Span) : await PinAsync(
                table, [Catalog, parts[0], parts[1]], point, name.Span, cancellationToken).ConfigureAwait(false);
        }

        List<string> folders = [.. parts];
        if (folders.Count > 2 && string.Equals(folders[0], Catalog, StringComparison.OrdinalIgnoreCase))
        {
            folders.RemoveAt(0);
        }

        string[] qualifier = folders.Count == 1
            ? [Catalog, DefaultFolder, folders[0]] : [Catalog, .. folders];
        if (folders.Count == 2 && string.Equals(folders[0], DefaultFolder, StringComparison.OrdinalIgnoreCase))
        {
            folders.RemoveAt(0);
        }

        if ((_path is null && _store is null) || folders.Count > 2 || folders.Any(IsNoFolder))
        {
            return null;
        }

        string written = string.Join('/', folders);
        foreach (string folder in new HashSet<string> { written, written.ToLowerInvariant() })
        {
            string location = _path is null ? folder : Path.Combine(_path, folder);
            if (await OpenAsync(location, cancellationToken).ConfigureAwait(false) is DeltaTable table)
            {
                return await PinAsync(table, qualifier, point, name.Span, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    // A table's name never leads out of the warehouse.
    private static bool IsNoFolder(string name) =>
        name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0');

    private async Task<DeltaTable?> OpenAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            return _store is null || Path.IsPathRooted(location)
                ? await DeltaTable.OpenAsync(location, _engine, cancellationToken).ConfigureAwait(false)
                : await DeltaTable.OpenAsync(
                    new PrefixedStore(_store, new StorePath(location)), _engine, cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (TableNotFoundException)
        {
            return null;
        }
    }

    private static async Task<ResolvedTable> PinAsync(
        DeltaTable table,
        IReadOnlyList<string> qualifier,
        TimePoint? point,
        TextSpan span,
        CancellationToken cancellationToken)
    {
        try
        {
            Task<Snapshot> loading = point switch
            {
                { Version: long version } => table.SnapshotAsync(version, cancellationToken),
                { Timestamp: DateTimeOffset time } => table.SnapshotAsync(time, cancellationToken),
                _ => table.SnapshotAsync(cancellationToken),
            };
            return new DeltaResolvedTable(await loading.ConfigureAwait(false)) { Qualifier = qualifier };
        }
        catch (VersionNotFoundException exception)
        {
            throw new QueryException("DELTA_VERSION_NOT_FOUND", "22003", exception.Message, span: span);
        }
    }

    private static QueryException PathNotFound(string path, TextSpan span) => new(
        "PATH_NOT_FOUND",
        "42K03",
        $"{path} is not a Delta table: it has no _delta_log with a commit in it",
        new Dictionary<string, string> { ["path"] = path },
        span);
}
