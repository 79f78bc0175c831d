using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>A column, or a part of a nested one, that JSON values are appended to.</summary>
internal sealed class JsonTarget
{
    private readonly JsonTarget? _parent;
    private readonly string _name;

    private JsonTarget(JsonTarget? parent, string name, DataType type, ColumnBuilder? builder)
    {
        _parent = parent;
        _name = name;
        Type = type;
        Builder = builder;
        FieldNames = [.. type.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
    }

    /// <summary>The type of the values.</summary>
    public DataType Type { get; }

    /// <summary>Where they go; null for the row itself.</summary>
    public ColumnBuilder? Builder { get; }

    /// <summary>The names of a struct's fields, UTF-8.</summary>
    public byte[][] FieldNames { get; }

    /// <summary>The fields of a struct; the element of an array; the key and the value of a map.</summary>
    public IReadOnlyList<JsonTarget> Children { get; private set; } = [];

    /// <summary>The dotted name, as messages and predicates give it.</summary>
    public string Path => _parent is null ? _name : _parent.Builder is null ? _name : $"{_parent.Path}.{_name}";

    /// <summary>The targets of a batch's columns, under one for the row.</summary>
    public static JsonTarget ForRows(DataType structType, BatchBuilder batch)
    {
        JsonTarget root = new(null, "", structType, null);
        root.Children = Fields(root, structType, batch.Columns);
        return root;
    }

    /// <summary>The target of one column alone.</summary>
    public static JsonTarget ForColumn(ColumnBuilder builder) => Create(null, "value", builder);

    /// <summary>The type at the root with this part's type replaced.</summary>
    public DataType ReplaceType(DataType type)
    {
        if (_parent is null)
        {
            return type;
        }

        DataType outer = _parent.Type;
        int position = 0;
        while (!ReferenceEquals(_parent.Children[position], this))
        {
            position++;
        }

        return _parent.ReplaceType(outer.Kind switch
        {
            TypeKind.Array => DataType.Array(type, outer.ContainsNull),
            TypeKind.Map when position == 0 => DataType.Map(type, outer.Element!, outer.ContainsNull),
            TypeKind.Map => DataType.Map(outer.Key!, type, outer.ContainsNull),
            _ => SchemaMending.Replace(outer, position, type),
        });
    }

    private static JsonTarget Create(JsonTarget? parent, string name, ColumnBuilder builder)
    {
        JsonTarget target = new(parent, name, builder.Type, builder);
        target.Children = builder switch
        {
            StructBuilder structs => Fields(target, builder.Type, structs.Fields),
            ListBuilder lists => [Create(target, "element", lists.Element)],
            MapBuilder maps => [Create(target, "key", maps.Key), Create(target, "value", maps.Value)],
            _ => [],
        };
        return target;
    }

    private static List<JsonTarget> Fields(
        JsonTarget parent, DataType structType, IReadOnlyList<ColumnBuilder> builders) =>
        [.. structType.Fields.Zip(builders, (field, builder) => Create(parent, field.Name, builder))];
}
