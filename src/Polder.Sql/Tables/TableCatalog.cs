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
    private readonly OpenTables _open = new();
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
        IReadOnlyList<TableSyntax> names,
        IReadOnlyDictionary<string, IBatchSource> rows,
        PinnedTables pinned,
        CancellationToken cancellationToken)
    {
        Dictionary<TableSyntax, ResolvedTable?> resolved = new(ReferenceEqualityComparer.Instance);
        foreach (TableSyntax name in names)
        {
            if (name is { Travel: null, Name: [string only] } && rows.TryGetValue(only, out IBatchSource? given))
            {
                resolved.Add(name, new RegisteredTable(given) { Qualifier = [only] });
                continue;
            }

            TimePoint? point = TimePoint.Of(name.Travel) ?? pinned.PointOf(name.Name);
            resolved.Add(name, await FindAsync(name, point, pinned, cancellationToken).ConfigureAwait(false));
        }

        return resolved;
    }

    private async Task<ResolvedTable?> FindAsync(
        TableSyntax name, TimePoint? point, PinnedTables pinned, CancellationToken cancellationToken)
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
            return await PinAsync(
                parts[1], parts[1], [Catalog, parts[0], parts[1]], point, pinned, name.Span, cancellationToken)
                .ConfigureAwait(false) ?? throw PathNotFound(parts[1], name.Span);
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
            ResolvedTable? table = await PinAsync(
                location, folder.Replace('/', '.'), qualifier, point, pinned, name.Span, cancellationToken)
                .ConfigureAwait(false);
            if (table is not null)
            {
                return table;
            }
        }

        return null;
    }

    // A table's name never leads out of the warehouse.
    private static bool IsNoFolder(string name) =>
        name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0');

    private async Task<ResolvedTable?> PinAsync(
        string location,
        string name,
        IReadOnlyList<string> qualifier,
        TimePoint? point,
        PinnedTables pinned,
        TextSpan span,
        CancellationToken cancellationToken)
    {
        try
        {
            OpenTable table = _open.Find(location) ??
                _open.Keep(location, await OpenAsync(location, cancellationToken).ConfigureAwait(false));
            TableState state = await pinned.PinAsync(table, point, cancellationToken).ConfigureAwait(false);
            Snapshot snapshot = state.Snapshot;
            TableVersion version = new(name, snapshot.Locator.Store.Root, snapshot.Version, snapshot.Timestamp)
            {
                ContentKey = FormattableString.Invariant($"{snapshot.Id} {state.DataVersion} {state.DataTime}"),
            };
            pinned.Note(version);
            return new DeltaResolvedTable(snapshot) { Qualifier = qualifier, Version = version };
        }
        catch (TableNotFoundException)
        {
            _open.Forget(location);
            return null;
        }
        catch (VersionNotFoundException exception)
        {
            throw new QueryException("DELTA_VERSION_NOT_FOUND", "22003", exception.Message, span: span);
        }
    }

    private Task<DeltaTable> OpenAsync(string location, CancellationToken cancellationToken) =>
        _store is null || Path.IsPathRooted(location)
            ? DeltaTable.OpenAsync(location, _engine, cancellationToken)
            : DeltaTable.OpenAsync(
                new PrefixedStore(_store, new StorePath(location)), _engine, cancellationToken);

    private static QueryException PathNotFound(string path, TextSpan span) => new(
        "PATH_NOT_FOUND",
        "42K03",
        $"{path} is not a Delta table: it has no _delta_log with a commit in it",
        new Dictionary<string, string> { ["path"] = path },
        span);
}
