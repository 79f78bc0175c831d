using System;
using System.Collections.Generic;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Parquet.Read;

/// <summary>
/// Puts the leaves of a batch together: structs, lists and maps are validity and offsets, which the levels of any leaf
/// below tell (Dremel).
/// </summary>
internal static class ArrayAssembler
{
    /// <summary>The array of a field.</summary>
    /// <param name="plan">The field.</param>
    /// <param name="columns">What each leaf of the read gave.</param>
    /// <exception cref="CorruptFileException">Leaves of one struct or map disagree.</exception>
    public static ArrayData Assemble(FieldPlan plan, IReadOnlyList<LeafColumn> columns)
    {
        switch (plan.Field.Shape)
        {
            case FieldShape.Leaf:
                LeafColumn leaf = columns[plan.LeafPosition];
                if (plan.ChecksText)
                {
                    CheckText(plan, leaf);
                }

                return plan.ArrowType.TypeId == ArrowTypeId.Null
                    ? new ArrayData(plan.ArrowType, leaf.SlotCount, leaf.SlotCount, 0, [])
                    : new ArrayData(
                        plan.ArrowType,
                        leaf.SlotCount,
                        leaf.NullCount,
                        0,
                        [leaf.Validity, .. leaf.Values],
                        null,
                        leaf.Dictionary);
            case FieldShape.Struct or FieldShape.Variant:
                return AssembleStruct(plan, columns);
            default:
                return AssembleList(plan, columns);
        }
    }

    // All bytes at once, and no string may begin inside a character.
    private static void CheckText(FieldPlan plan, LeafColumn leaf)
    {
        ReadOnlySpan<int> offsets = ByteCast.As<int>(leaf.Values[0].Span)[..(leaf.SlotCount + 1)];
        ReadOnlySpan<byte> bytes = leaf.Values[1].Span[..offsets[^1]];
        bool isValid = System.Text.Unicode.Utf8.IsValid(bytes);
        for (int slot = 0; slot < leaf.SlotCount && isValid; slot++)
        {
            isValid = offsets[slot] == bytes.Length || (bytes[offsets[slot]] & 0xC0) != 0x80;
        }

        if (!isValid)
        {
            throw new CorruptFileException($"column '{plan.Field.Name}' holds a string that is not UTF-8");
        }
    }

    private static ArrayData AssembleStruct(FieldPlan plan, IReadOnlyList<LeafColumn> columns)
    {
        ArrayData[] children = AssembleChildren(plan, columns);
        int length = children[0].Length;
        ArrowBuffer validity = ArrowBuffer.Empty;
        int nullCount = 0;
        if (plan.Field.IsNullable)
        {
            (validity, nullCount) = Validity(plan, columns[plan.LeafPosition], length);
        }

        return plan.Field.Shape == FieldShape.Variant && ShreddedVariants.NeedsRebuilding(plan, children)
            ? ShreddedVariants.Rebuild(plan, children, validity, nullCount)
            : new ArrayData(plan.ArrowType, length, nullCount, 0, [validity], children);
    }

    private static ArrayData AssembleList(FieldPlan plan, IReadOnlyList<LeafColumn> columns)
    {
        ArrayData[] children = AssembleChildren(plan, columns);
        LeafColumn levels = columns[plan.LeafPosition];
        (ArrowBuffer offsets, int length, int elementCount) = Offsets(plan, levels);
        if (elementCount != children[0].Length)
        {
            throw Disagree(plan, elementCount, children[0].Length);
        }

        ArrowBuffer validity = ArrowBuffer.Empty;
        int nullCount = 0;
        if (plan.Field.IsNullable)
        {
            (validity, nullCount) = Validity(plan, levels, length);
        }

        ArrayData entries = plan.ArrowType is MapType map
            ? new ArrayData(map.KeyValueType, elementCount, 0, 0, [ArrowBuffer.Empty], children)
            : children[0];
        return new ArrayData(plan.ArrowType, length, nullCount, 0, [validity, offsets], [entries]);
    }

    private static ArrayData[] AssembleChildren(FieldPlan plan, IReadOnlyList<LeafColumn> columns)
    {
        ArrayData[] children = new ArrayData[plan.Children.Count];
        for (int childIndex = 0; childIndex < children.Length; childIndex++)
        {
            children[childIndex] = Assemble(plan.Children[childIndex], columns);
            if (children[childIndex].Length != children[0].Length)
            {
                throw Disagree(plan, children[0].Length, children[childIndex].Length);
            }
        }

        return children;
    }

    private static (ArrowBuffer Validity, int NullCount) Validity(FieldPlan plan, LeafColumn leaf, int length)
    {
        if (leaf.DefinitionLevels is null)
        {
            // The only level there is says whether this field is there, and the leaf with it.
            return (leaf.Validity, leaf.NullCount);
        }

        ReadOnlySpan<byte> definition = leaf.DefinitionLevels.AsSpan(0, leaf.EntryCount);
        byte[] bits = new byte[Bitmap.SizeBytes(length)];
        int slotCount = 0, validCount = 0;
        for (int index = 0; index < definition.Length; index += 64)
        {
            ReadOnlySpan<byte> levels = definition.Slice(index, int.Min(64, definition.Length - index));
            ulong slots = Slots(plan, leaf, levels, index);
            ulong valid = BitMask.Extract(BitMask.AtLeast(levels, (byte)plan.Field.DefinitionLevel), slots);
            int wordSlots = BitOperations.PopCount(slots);
            if (slotCount + wordSlots > length)
            {
                throw Disagree(plan, length, slotCount + wordSlots);
            }

            BitMask.Store(bits, slotCount, wordSlots, valid);
            slotCount += wordSlots;
            validCount += BitOperations.PopCount(valid);
        }

        if (slotCount != length)
        {
            throw Disagree(plan, length, slotCount);
        }

        return validCount == length ? (ArrowBuffer.Empty, 0) : (new ArrowBuffer(bits), length - validCount);
    }

    private static (ArrowBuffer Offsets, int Length, int ElementCount) Offsets(FieldPlan plan, LeafColumn leaf)
    {
        ReadOnlySpan<byte> definition = leaf.DefinitionLevels.AsSpan(0, leaf.EntryCount);
        ReadOnlySpan<byte> repetition = leaf.RepetitionLevels.AsSpan(0, leaf.EntryCount);
        byte elementLevel = (byte)(plan.Field.DefinitionLevel + 1);
        byte deeper = (byte)(plan.Field.RepetitionLevel + 2);
        byte[] buffer = GC.AllocateUninitializedArray<byte>((CountSlots(plan, leaf) + 1) * sizeof(int));
        Span<int> offsets = ByteCast.As<int>(buffer.AsSpan());
        int length = 0, elementCount = 0;
        for (int index = 0; index < definition.Length; index += 64)
        {
            int taken = int.Min(64, definition.Length - index);
            ReadOnlySpan<byte> levels = definition.Slice(index, taken);
            ulong elements = BitMask.AtLeast(levels, elementLevel) &
                ~BitMask.AtLeast(repetition.Slice(index, taken), deeper);
            for (ulong slots = Slots(plan, leaf, levels, index); slots != 0; slots &= slots - 1)
            {
                ulong before = (slots & (0 - slots)) - 1;
                offsets[length++] = elementCount + BitOperations.PopCount(elements & before);
            }

            elementCount += BitOperations.PopCount(elements);
        }

        offsets[length] = elementCount;
        return (new ArrowBuffer(buffer), length, elementCount);
    }

    private static int CountSlots(FieldPlan plan, LeafColumn leaf)
    {
        ReadOnlySpan<byte> definition = leaf.DefinitionLevels.AsSpan(0, leaf.EntryCount);
        int count = 0;
        for (int index = 0; index < definition.Length; index += 64)
        {
            ReadOnlySpan<byte> levels = definition.Slice(index, int.Min(64, definition.Length - index));
            count += BitOperations.PopCount(Slots(plan, leaf, levels, index));
        }

        return count;
    }

    // Entries that begin a slot of the field: no repetition below it, and all lists around it have an entry here.
    private static ulong Slots(FieldPlan plan, LeafColumn leaf, ReadOnlySpan<byte> levels, int index)
    {
        ulong slots = BitMask.AtLeast(levels, (byte)plan.SlotDefinitionLevel);
        if (leaf.RepetitionLevels is not null)
        {
            slots &= ~BitMask.AtLeast(
                leaf.RepetitionLevels.AsSpan(index, levels.Length), (byte)(plan.Field.RepetitionLevel + 1));
        }

        return slots;
    }

    private static CorruptFileException Disagree(FieldPlan plan, int expected, int actual) =>
        new(FormattableString.Invariant(
            $"the leaves of '{plan.Field.Name}' disagree: {expected} slots in one, {actual} in another"));
}
