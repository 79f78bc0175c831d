using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;

namespace Polder.Parquet.Read;

/// <summary>A leaf to decode.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Type">The type its values take.</param>
/// <param name="SlotDefinitionLevel">
/// The definition level from which on an entry has a slot of this leaf: that of an entry in the innermost list around.
/// </param>
/// <param name="Form">The form that strings take.</param>
internal sealed record LeafPlan(
    ParquetLeaf Leaf, DataType Type, int SlotDefinitionLevel, StringForm Form = StringForm.Offsets);

/// <summary>A field to read, without the parts of it that are not wanted.</summary>
internal sealed class FieldPlan
{
    /// <summary>The field of the file.</summary>
    public required ParquetField Field { get; init; }

    /// <summary>Its type without what is not wanted.</summary>
    public required DataType Type { get; init; }

    /// <summary><see cref="Type"/> in Arrow.</summary>
    public required IArrowType ArrowType { get; init; }

    /// <summary>The parts wanted, in the order of <see cref="ParquetField.Children"/>.</summary>
    public IReadOnlyList<FieldPlan> Children { get; init; } = [];

    /// <summary>Position among <see cref="ReadPlan.Leaves"/> of the leaf, or of one below that nests least.</summary>
    public required int LeafPosition { get; init; }

    /// <summary>The definition level from which on an entry has a slot of this field.</summary>
    public required int SlotDefinitionLevel { get; init; }

    /// <summary>Whether the leaf's strings must be UTF-8.</summary>
    public bool ChecksText { get; init; }
}

/// <summary>What of a file is read: fields as asked for, and the leaves they need.</summary>
internal sealed class ReadPlan
{
    private readonly List<LeafPlan> _leaves = [];
    private IReadOnlyList<ParquetField> _variants = [];
    private bool _checksText;

    private ReadPlan()
    {
    }

    /// <summary>The columns of the batches.</summary>
    public required IReadOnlyList<FieldPlan> Fields { get; init; }

    /// <summary>The leaves to decode.</summary>
    public IReadOnlyList<LeafPlan> Leaves => _leaves;

    /// <summary>The columns as a struct.</summary>
    public required DataType Type { get; init; }

    /// <summary>The schema of the batches.</summary>
    public required Schema Schema { get; init; }

    /// <summary>The leaves below a field.</summary>
    public IEnumerable<LeafPlan> LeavesOf(int fieldIndex)
    {
        return Below(Fields[fieldIndex]);

        IEnumerable<LeafPlan> Below(FieldPlan field) => field.Children.Count == 0
            ? [Leaves[field.LeafPosition]]
            : field.Children.SelectMany(Below);
    }

    /// <summary>Plans a read.</summary>
    /// <param name="schema">The file's schema.</param>
    /// <param name="columns">
    /// Names of columns, or dotted paths of parts of them; null = all columns, unless there are field ids.
    /// </param>
    /// <param name="variants">Fields that are variants though the file does not mark them as such.</param>
    /// <param name="strings">The form of each string or binary leaf at the top level; null = offsets.</param>
    /// <param name="fieldIds">Ids of more columns, or of parts of them; null = none.</param>
    /// <param name="checksText">Whether strings must be UTF-8.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="UnsupportedFeatureException">A wanted column's type has no counterpart.</exception>
    public static ReadPlan Create(
        ParquetSchema schema,
        IReadOnlyList<string>? columns,
        IReadOnlyList<ParquetField>? variants = null,
        Func<ParquetLeaf, StringForm>? strings = null,
        IReadOnlyList<int>? fieldIds = null,
        bool checksText = false)
    {
        Projection root = new() { All = columns is null && fieldIds is null };
        foreach (string column in columns ?? [])
        {
            root.Add(schema.Fields, column);
        }

        foreach (int fieldId in fieldIds ?? [])
        {
            root.Add(schema.Fields, fieldId);
        }

        List<FieldPlan> fields = [];
        List<StructField> structFields = [];
        ReadPlan unfinished = new() { Fields = [], Type = DataType.Void, Schema = new Schema([], null) };
        unfinished._variants = variants ?? [];
        unfinished._checksText = checksText;
        strings = checksText ? null : strings;
        foreach ((ParquetField field, Projection part) in root.Choose(schema.Fields))
        {
            FieldPlan plan =
                field.Shape == FieldShape.Leaf && field.Type.Kind is TypeKind.String or TypeKind.Binary
                    ? unfinished.PlanStrings(field, strings?.Invoke(field.Leaf!) ?? StringForm.Offsets)
                    : unfinished.PlanField(field, part, 0);
            fields.Add(plan);
            structFields.Add(ToStructField(plan));
        }

        DataType type = DataType.Struct(structFields);
        ReadPlan result = new() { Fields = fields, Type = type, Schema = ToSchema(type, fields) };
        result._leaves.AddRange(unfinished._leaves);
        return result;
    }

    private FieldPlan PlanStrings(ParquetField field, StringForm form)
    {
        _leaves.Add(new LeafPlan(field.Leaf!, field.Type, 0, form));
        bool isText = field.Type.Kind == TypeKind.String;
        IArrowType type = form switch
        {
            StringForm.Dictionary =>
                new DictionaryType(Int32Type.Default, ArrowTypes.ToArrow(field.Type), ordered: false),
            StringForm.Views => isText ? StringViewType.Default : BinaryViewType.Default,
            _ => ArrowTypes.ToArrow(field.Type),
        };
        return Make(field, field.Type, [], _leaves.Count - 1, 0, type);
    }

    private static Schema ToSchema(DataType type, List<FieldPlan> plans)
    {
        Schema schema = ArrowTypes.ToSchema(type);
        Field[] fields = [.. schema.FieldsList];
        for (int index = 0; index < fields.Length; index++)
        {
            if (plans[index].ArrowType.TypeId is ArrowTypeId.Dictionary
                or ArrowTypeId.StringView or ArrowTypeId.BinaryView)
            {
                Field field = fields[index];
                fields[index] = new Field(field.Name, plans[index].ArrowType, field.IsNullable, field.Metadata);
            }
        }

        return new Schema(fields, schema.Metadata);
    }

    private FieldPlan PlanField(ParquetField field, Projection part, int slotLevel)
    {
        switch (field.Shape)
        {
            case FieldShape.Leaf:
                _leaves.Add(new LeafPlan(field.Leaf!, field.Type, slotLevel));
                return Make(field, field.Type, [], _leaves.Count - 1, slotLevel);
            case FieldShape.Struct when _variants.Contains(field):
                return PlanVariant(
                    FieldBuilder.AsVariant(field) ??
                        throw new CorruptFileException($"column '{field.Name}' has not the parts of a variant"),
                    slotLevel);
            case FieldShape.Struct:
                return PlanStruct(field, part, slotLevel);
            case FieldShape.Variant:
                return PlanVariant(field, slotLevel);
            default:
                return PlanList(field, part, slotLevel);
        }
    }

    private FieldPlan PlanStruct(ParquetField field, Projection part, int slotLevel)
    {
        if (field.Children.Count == 0)
        {
            _ = field.Type;
        }

        FieldPlan[] children =
            [.. part.Choose(field.Children).Select(chosen => PlanField(chosen.Field, chosen.Part, slotLevel))];
        DataType type = DataType.Struct([.. children.Select(ToStructField)]);
        return Make(field, type, children, LeastNested(children), slotLevel);
    }

    private FieldPlan PlanVariant(ParquetField field, int slotLevel)
    {
        FieldPlan[] children = [.. field.Children.Select(child => PlanVariantPart(child, slotLevel))];
        return Make(field, DataType.Variant, children, LeastNested(children), slotLevel);
    }

    // All of a variant is read as it stands; the parts of typed values become variants when a batch is put together.
    private FieldPlan PlanVariantPart(ParquetField field, int slotLevel)
    {
        switch (field.Shape)
        {
            case FieldShape.Leaf:
                DataType type = ShreddedTypes.TypeOf(field.Leaf!);
                _leaves.Add(new LeafPlan(field.Leaf!, type, slotLevel));
                return Make(field, type, [], _leaves.Count - 1, slotLevel);
            case FieldShape.Struct when field.Children.Count > 0:
                FieldPlan[] parts = [.. field.Children.Select(child => PlanVariantPart(child, slotLevel))];
                DataType structType = DataType.Struct([.. parts.Select(ToStructField)]);
                return Make(field, structType, parts, LeastNested(parts), slotLevel);
            case FieldShape.List:
                FieldPlan element = PlanVariantPart(field.Children[0], field.DefinitionLevel + 1);
                return Make(
                    field, DataType.Array(element.Type), [element], LeastNested([element]), slotLevel);
            default:
                throw new UnsupportedFeatureException(
                    $"variant shredded as {field.Shape}", $"column '{field.Node.Name}' holds parts of variants so");
        }
    }

    private FieldPlan PlanList(ParquetField field, Projection part, int slotLevel)
    {
        // Without its key a map's value cannot be told from another's.
        int elementLevel = field.DefinitionLevel + 1;
        bool isMap = field.Shape == FieldShape.Map;
        FieldPlan[] children = new FieldPlan[field.Children.Count];
        for (int childIndex = 0; childIndex < children.Length; childIndex++)
        {
            ParquetField child = field.Children[childIndex];
            children[childIndex] = PlanField(child, part.Within(child, isMap), elementLevel);
        }

        FieldPlan last = children[^1];
        DataType type = isMap
            ? DataType.Map(children[0].Type, last.Type, last.Field.IsNullable)
            : DataType.Array(last.Type, last.Field.IsNullable);
        return Make(field, type, children, LeastNested(children), slotLevel);
    }

    private int LeastNested(FieldPlan[] children)
    {
        int best = children[0].LeafPosition;
        foreach (FieldPlan child in children)
        {
            if (_leaves[child.LeafPosition].Leaf.MaxRepetitionLevel < _leaves[best].Leaf.MaxRepetitionLevel)
            {
                best = child.LeafPosition;
            }
        }

        return best;
    }

    private FieldPlan Make(
        ParquetField field,
        DataType type,
        FieldPlan[] children,
        int leafPosition,
        int slotLevel,
        IArrowType? arrowType = null) => new()
        {
            Field = field,
            Type = type,
            ArrowType = arrowType ?? ArrowTypes.ToArrow(type),
            Children = children,
            LeafPosition = leafPosition,
            SlotDefinitionLevel = slotLevel,
            ChecksText = _checksText && type.Kind == TypeKind.String,
        };

    private static StructField ToStructField(FieldPlan plan) =>
        new(plan.Field.Name, plan.Type, plan.Field.IsNullable, SchemaMapping.IdMetadata(plan.Field.FieldId));
}
