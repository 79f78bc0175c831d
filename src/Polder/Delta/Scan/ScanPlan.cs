using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta.Shapes;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>
/// What a scan of one snapshot reads: which columns, which rows, which files. Immutable; shared by all who read it.
/// </summary>
internal sealed class ScanPlan
{
    private readonly FilePruner _pruner;

    private ScanPlan(Snapshot snapshot, Projection projection, Expression? predicate)
    {
        Snapshot = snapshot;
        Naming = ColumnNaming.Create(snapshot.Protocol, snapshot.State.Metadata);
        Projection = projection;
        Partitions = new HashSet<string>(snapshot.PartitionColumns, StringComparer.OrdinalIgnoreCase);
        HashSet<string> filtered =
            [.. predicate is null ? [] : Conjunction.ColumnNames(predicate).Select(Canonical)];
        Layout = DataType.Struct([.. snapshot.ScanSchema.Fields
            .Where(field => filtered.Contains(field.Name) || projection.Columns.Contains(field.Name))
            .Select(field => filtered.Contains(field.Name) || CharTypes.IsPadded(field)
                ? field
                : projection.Prune(field))]);
        Predicate = predicate is null ? null : Conjunction.Rebind(predicate, Layout);
        _pruner = new FilePruner(
            Predicate,
            ScanColumn.FindAll(snapshot.Schema, snapshot.PartitionColumns, Naming),
            snapshot.State.Files);
    }

    public Snapshot Snapshot { get; }

    public ColumnNaming Naming { get; }

    /// <summary>What comes out.</summary>
    public Projection Projection { get; }

    /// <summary>
    /// The columns of the table that are read: those that come out, of structs only the fields that do, and those that
    /// the predicate needs.
    /// </summary>
    public DataType Layout { get; }

    /// <summary>Over <see cref="Layout"/>.</summary>
    public Expression? Predicate { get; }

    /// <summary>Names of partition columns.</summary>
    public IReadOnlySet<string> Partitions { get; }

    /// <summary>Per file of the snapshot why it is skipped; null = it is read.</summary>
    public FileSelection Skips { get; private set; } = new(FileSet.Empty, [], []);

    /// <summary>Whether all statistics that the predicate asks for were looked at.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The files that are read, by position in the snapshot.</summary>
    public IEnumerable<int> KeptFiles => Skips.Kept;

    /// <summary>A plan that needs no more than what is in memory; it may not be complete.</summary>
    /// <exception cref="UnsupportedFeatureException">The files hold something that is not read yet.</exception>
    public static ScanPlan Create(Snapshot snapshot, IReadOnlyList<string>? columns, Expression? predicate)
    {
        ScanPlan plan = new(snapshot, Projection.Create(snapshot, columns), predicate);
        TypeWidening.CheckChanges(plan.Layout);
        plan.IsComplete = snapshot.Statistics.TryLoad(plan._pruner.Columns);
        plan.Skips = plan._pruner.Prune();
        return plan;
    }

    /// <summary>Looks at the statistics that are not in memory.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!IsComplete)
        {
            await Snapshot.Statistics.LoadAsync(_pruner.Columns, cancellationToken).ConfigureAwait(false);
            Skips = _pruner.Prune();
            IsComplete = true;
        }
    }

    private string Canonical(string name)
    {
        int index = Snapshot.ScanSchema.IndexOf(name);
        return index < 0 ? name : Snapshot.ScanSchema.Fields[index].Name;
    }
}
