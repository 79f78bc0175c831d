using System.Collections.Generic;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;

namespace Polder.Delta.Checkpoints;

/// <summary>A column of a checkpoint, read by name and row; whatever is absent is null.</summary>
internal sealed class ActionColumn
{
    private readonly Dictionary<string, ActionColumn> _children = [];

    private ActionColumn(IArrowArray array)
    {
        Array = array;
        if (array.Data.DataType is StructType type)
        {
            for (int index = 0; index < type.Fields.Count; index++)
            {
                _children[type.Fields[index].Name] =
                    new ActionColumn(ArrowArrayFactory.BuildArray(ArrayBuffers.StructField(array.Data, index)));
            }
        }
    }

    public IArrowArray Array { get; }

    public static ActionColumn? Find(RecordBatch batch, string name)
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index < 0 ? null : new ActionColumn(batch.Column(index));
    }

    public bool IsNull(int row) => Validity.Of(Array).IsNull(row);

    public ActionColumn? this[string name] => _children.GetValueOrDefault(name);

    public string? Text(string name, int row) => this[name]?.Text(row);

    public long? Long(string name, int row) => this[name] is ActionColumn column && !column.IsNull(row)
        ? column.Array.Data.DataType is Int32Type
            ? ColumnValues.Fixed<int>(column.Array)[row]
            : ColumnValues.Fixed<long>(column.Array)[row]
        : null;

    public bool? Flag(string name, int row) => this[name] is ActionColumn column && !column.IsNull(row)
        ? ColumnValues.Boolean(column.Array, row)
        : null;

    public List<string>? Texts(string name, int row)
    {
        if (this[name] is not ActionColumn column || column.IsNull(row))
        {
            return null;
        }

        System.ReadOnlySpan<int> offsets = ColumnValues.Offsets(column.Array);
        ActionColumn elements = new(ArrowArrayFactory.BuildArray(column.Array.Data.Children[0]));
        List<string> texts = [];
        for (int index = offsets[row]; index < offsets[row + 1]; index++)
        {
            texts.Add(elements.Text(index) ?? "");
        }

        return texts;
    }

    public Dictionary<string, string?>? Map(string name, int row)
    {
        if (this[name] is not ActionColumn column || column.IsNull(row))
        {
            return null;
        }

        System.ReadOnlySpan<int> offsets = ColumnValues.Offsets(column.Array);
        ArrayData pairs = column.Array.Data.Children[0];
        ActionColumn keys = column.Part(pairs, 0), values = column.Part(pairs, 1);
        Dictionary<string, string?> map = [];
        for (int index = offsets[row]; index < offsets[row + 1]; index++)
        {
            map[keys.Text(index) ?? ""] = values.Text(index);
        }

        return map;
    }

    /// <summary>Keys and values of a map, of all rows one after the other.</summary>
    public (ActionColumn Keys, ActionColumn Values) Pairs() =>
        (Part(Array.Data.Children[0], 0), Part(Array.Data.Children[0], 1));

    private string? Text(int row)
    {
        if (IsNull(row))
        {
            return null;
        }

        System.ReadOnlySpan<int> offsets = ColumnValues.Offsets(Array);
        return Encoding.UTF8.GetString(ColumnValues.Bytes(Array)[offsets[row]..offsets[row + 1]]);
    }

    /// <summary>The keys or values of a map, kept for the next row.</summary>
    private ActionColumn Part(ArrayData pairs, int index)
    {
        string name = index == 0 ? "key" : "value";
        if (!_children.TryGetValue(name, out ActionColumn? part))
        {
            part = new ActionColumn(ArrowArrayFactory.BuildArray(ArrayBuffers.StructField(pairs, index)));
            _children.Add(name, part);
        }

        return part;
    }
}
