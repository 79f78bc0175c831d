using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Delta.Protocol;
using Polder.Delta.Scan;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Delta.Changes;

/// <summary>
/// The rows in which two snapshots of a table differ. Only files and vectors that differ are read, twice: once to
/// count which rows both sides have (a rewrite has most of them on both), once to give the others.
/// </summary>
internal sealed class SnapshotDiff
{
    private readonly Snapshot _from;
    private readonly Snapshot _to;
    private readonly Projection _columns;
    private readonly int[] _key;
    private readonly Schema _schema;

    public SnapshotDiff(Snapshot from, Snapshot to, DiffOptions options)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (from.Locator.Store.Root != to.Locator.Store.Root)
        {
            throw new ArgumentException(
                $"{from.Locator.Store.Root} and {to.Locator.Store.Root} are two tables; a difference is of one",
                nameof(to));
        }

        if (to.Schema.IndexOf(ChangeColumns.Type) >= 0)
        {
            throw ChangeErrors.OwnColumns(ChangeColumns.Type);
        }

        (_from, _to) = (from, to);
        Projection key = Projection.Create(to.Schema, options.Key);
        IReadOnlyList<string> chosen = options.Columns ?? [.. to.Schema.Fields.Select(field => field.Name)];
        IEnumerable<string> names = Projection.Create(to.Schema, chosen).Output.Fields.Select(field => field.Name);
        _columns = Projection.Create(to.Schema, [.. names.Union(key.Output.Fields.Select(field => field.Name))]);
        _key = [.. key.Output.Fields.Select(field => _columns.Output.IndexOf(field.Name))];
        Schema = DataType.Struct(
            [.. _columns.Output.Fields, new StructField(ChangeColumns.Type, DataType.String, nullable: false)]);
        _schema = ArrowTypes.ToSchema(Schema);
    }

    /// <summary>The columns that are compared, then <c>_change_type</c>.</summary>
    public DataType Schema { get; }

    /// <summary>Rows that are gone, then rows that came.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (PlanNode removed, PlanNode added, FileDifference files) = Plan();
        Engine engine = _to.Engine;
        (PlanNode Side, bool IsRemoved)[] sides = [(removed, true), (added, false)];
        RowBalance? balance = files.Removed.Count == 0 || files.Added.Count == 0 ? null : new RowBalance(
            _columns.Output, _key, engine.NextRandom(int.MaxValue), engine.Limits.QueryMemory);
        foreach ((PlanNode side, bool isRemoved) in balance is null ? [] : sides)
        {
            await foreach (RecordBatch batch in Query
                .ExecuteAsync(side, engine, cancellationToken).ConfigureAwait(false))
            {
                balance!.Count(batch, isRemoved);
            }
        }

        balance?.Settle();
        foreach ((PlanNode side, bool isRemoved) in sides)
        {
            await foreach (RecordBatch batch in Query
                .ExecuteAsync(side, engine, cancellationToken).ConfigureAwait(false))
            {
                RecordBatch changes = balance is null
                    ? WithTypes(batch, Enumerable.Repeat(
                        isRemoved ? ChangeColumns.Delete : ChangeColumns.Insert, batch.Length))
                    : Choose(balance, batch, isRemoved);
                if (changes.Length > 0)
                {
                    yield return changes;
                }
            }
        }
    }

    private RecordBatch Choose(RowBalance balance, RecordBatch batch, bool isRemoved)
    {
        (int[] rows, string[] types) = balance.Choose(batch, isRemoved);
        return WithTypes(rows.Length == batch.Length ? batch : Take.Rows(batch, rows), types);
    }

    private RecordBatch WithTypes(RecordBatch batch, IEnumerable<string> types)
    {
        BytesBuilder builder = (BytesBuilder)ColumnBuilder.Create(DataType.String);
        foreach (string type in types)
        {
            builder.Append(type);
        }

        return new RecordBatch(_schema, [.. batch.Arrays, builder.Build()], batch.Length);
    }

    /// <summary>Both sides, in the columns of the second snapshot.</summary>
    private (PlanNode Removed, PlanNode Added, FileDifference Files) Plan()
    {
        // Without the feature vectors do not count, so those of the other side would be lost.
        bool countVectors = FeatureGate.HasDeletionVectors(_to.Protocol) ||
            !FeatureGate.HasDeletionVectors(_from.Protocol);
        if (countVectors && _from.PartitionColumns.SequenceEqual(_to.PartitionColumns) &&
            SchemaRange.IsCompatible(VersionSchema.Of(_to), VersionSchema.Of(_from)))
        {
            FileDifference files = FileDifference.Find(_from, _to);
            return (Scan(_to.With(files.Removed)), Scan(_to.With(files.Added)), files);
        }

        // Columns were replaced: the first snapshot's files can only be read with its own.
        FileDifference all = FileDifference.Everything(_from, _to);
        return (Conform(_from), Scan(_to), all);
    }

    private ScanNode Scan(Snapshot side) =>
        new(side.Scan().Select([.. _columns.Output.Fields.Select(field => field.Name)]));

    private ProjectNode Conform(Snapshot side)
    {
        StructField[] wanted = [.. _columns.Output.Fields];
        string[] present = [.. wanted.Where(field => side.Schema.IndexOf(field.Name) >= 0).Select(field => field.Name)];
        TableScan scan = side.Scan();
        ScanNode source = new(present.Length == 0 ? scan : scan.Select(present));
        return new ProjectNode(
            source,
            [.. wanted.Select(field => Conform(field, source.Output, side))],
            [.. wanted.Select(field => field.Name)]);
    }

    private Expression Conform(StructField wanted, DataType source, Snapshot side)
    {
        int index = source.IndexOf(wanted.Name);
        if (index < 0)
        {
            return new Literal(null, wanted.Type);
        }

        StructField found = source.Fields[index];
        ColumnReference column = new(index, found.Name, found.Type, found.Nullable);
        bool isWider = found.Type.IsNumeric && wanted.Type.IsNumeric;
        return found.Type.Equals(wanted.Type) ? column
            : isWider ? new Cast(column, wanted.Type, found.Nullable, CastMode.Try)
            : throw new QueryException(
                "DELTA_INCOMPATIBLE_DIFFERENCE",
                "0AKDC",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the column {wanted.Name} is {found.Type} in version {side.Version} and {wanted.Type} in " +
                    $"version {_to.Version}, which cannot be compared; leave it out"));
    }
}
