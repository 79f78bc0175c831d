using Polder.Columns;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>Hands out the ids of one statement's columns.</summary>
internal sealed class ColumnIds
{
    private int _last;

    /// <summary>A column with an id that no other has.</summary>
    public LogicalColumn New(string name, DataType type, bool nullable) => new(++_last, name, type, nullable);
}
